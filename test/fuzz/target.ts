import { type ErrorCode, KheadersPackError } from '../../src/errors.js';
import type { Random } from './random.js';

/** What is fuzzed: a reader of bytes that nobody vouches for. */
export interface Target {
  /** Inputs to begin with, made by code. */
  readonly seeds: readonly Buffer[];
  /** Pieces that are put into inputs. */
  readonly dictionary: readonly Buffer[];
  /** The boundary at or before a place where a whole piece may stand: of records, of lines. */
  align(input: Buffer, at: number): number;
  /** Bytes of an input at most. */
  readonly sizeMax: number;
  /**
   * Puts right what would end the reading at once (checksums, sizes), so that a change reaches what lies behind; not
   * always, so that those checks are met too.
   */
  mend(input: Buffer, random: Random): Buffer;
  /**
   * Reads an input and checks what has to hold for any.
   *
   * @returns whether it was read; a refusal with one of the target's own error codes is none
   * @throws whatever else happens, which is a finding
   */
  check(input: Buffer): Promise<boolean> | boolean;
  /** Inputs that `compare` is given beside the corpus: so many that were read, and as many that were not. */
  readonly sampled: number;
  /** Compares what was made of some inputs, read and refused ones, with what other programs make of them. */
  compare(inputs: readonly Buffer[]): Promise<Comparison> | Comparison;
}

export interface Comparison {
  /** Inputs that another program was asked about; none where it is not installed. */
  readonly compared: number;
  readonly disagreements: readonly Disagreement[];
}

/** An input that another program reads differently. */
export interface Disagreement {
  readonly input: Buffer;
  readonly reason: string;
}

/** A target that changes nothing to its inputs and has no other program to compare with. */
export const PLAIN = {
  dictionary: [],
  align: (_: Buffer, at: number) => at,
  sizeMax: 2 ** 14,
  mend: (input: Buffer) => input,
  sampled: 200,
  compare: (): Comparison => ({ compared: 0, disagreements: [] }),
} as const;

/** The `align` of text that is read line by line. */
export function lineStart(input: Buffer, at: number): number {
  return input.lastIndexOf('\n', Math.max(0, at - 1)) + 1;
}

/** Runs `work`: true when it succeeds, false when it fails with one of these codes. Other failures are thrown on. */
export async function isRead(codes: readonly ErrorCode[], work: () => unknown): Promise<boolean> {
  try {
    await work();
    return true;
  } catch (error) {
    if (error instanceof KheadersPackError && codes.includes(error.code)) return false;
    throw error;
  }
}
