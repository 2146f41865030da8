import { createHash } from 'node:crypto';
import { crc32 as zlibCrc32 } from 'node:zlib';
import { badXz, type Place, placeAfter } from '../errors.js';
import { Crc64 } from './crc64.js';

/** The integrity checks of .xz (specification, section 2.1.1.2). */
export type CheckName = 'none' | 'crc32' | 'crc64' | 'sha256';

/** One kind of Check: its ID in the Stream Flags, the size of its field in bytes, and how it is computed. */
export interface Check {
  readonly id: number;
  readonly size: number;
  /**
   * Begins a Check over data that come in pieces.
   *
   * @param memory a WebAssembly memory in which they may lie, from `CRC64_SIZE` on, to be looked at there
   */
  start(memory: WebAssembly.Memory | null): RunningCheck;
  /** The Check of data that are all there. */
  compute(data: Uint8Array): Uint8Array;
}

/** A Check over the data so far. */
export interface RunningCheck {
  update(data: Uint8Array): void;
  /** The field's bytes; the last call. */
  value(): Uint8Array;
}

/** Every Check that we compute. `none` is a Check like the others, with an empty field. */
export const CHECKS: Readonly<Record<CheckName, Check>> = {
  none: check(0x00, 0, () => ({ update: () => undefined, value: () => new Uint8Array(0) })),
  crc32: check(0x01, 4, startCrc32),
  crc64: check(0x04, 8, memory => new Crc64(memory)),
  sha256: check(0x0a, 32, startSha256),
};

/** Bytes of the Check field for each ID, reserved ones included (section 2.1.1.2). */
const SIZES = [0, 4, 4, 4, 8, 8, 8, 16, 16, 16, 32, 32, 32, 64, 64, 64] as const;

/** Bytes of the Check field. @param id 0x00 to 0x0F */
export function checkSizeOf(id: number): number {
  const size = SIZES[id];
  if (size === undefined) throw new RangeError(`No Check ${id}`);
  return size;
}

/** The Check of an ID, or null for the reserved ones, which nobody can compute yet. */
export function checkOfId(id: number): Check | null {
  return Object.values(CHECKS).find(known => known.id === id) ?? null;
}

/** The name of a Check for people: `crc64`, or `0x02` for a reserved ID. */
export function checkNameOf(id: number): string {
  const found = Object.entries(CHECKS).find(([, known]) => known.id === id);
  return found === undefined ? `0x${id.toString(16).padStart(2, '0')}` : found[0];
}

/** CRC32 as the four bytes that the container stores, least significant first. */
export function crc32Field(data: Uint8Array): Uint8Array {
  return CHECKS.crc32.compute(data);
}

/**
 * Compares a CRC32 field of the container with what it covers.
 *
 * @param field where the field's four bytes lie in `bytes`, which begin at `place`
 * @param what the structure's name
 */
export function requireCrc32(covered: Uint8Array, bytes: Uint8Array, field: number, place: Place, what: string): void {
  if (zlibCrc32(covered) === new DataView(bytes.buffer, bytes.byteOffset).getUint32(field, true)) return;
  throw badXz(placeAfter(place, field), `the CRC32 of a ${what} is wrong`);
}

/**
 * Compares the Check of a Block's Uncompressed Data with its field (section 3.4).
 *
 * @param place the field's
 */
export function requireCheck(computed: Uint8Array, field: Uint8Array, place: Place): void {
  if (Buffer.compare(computed, field) !== 0) throw badXz(place, 'the Check of a Block does not match its contents');
}

function check(id: number, size: number, start: Check['start']): Check {
  const compute = (data: Uint8Array): Uint8Array => {
    const running = start(null);
    running.update(data);
    return running.value();
  };
  return { id, size, start, compute };
}

function startCrc32(): RunningCheck {
  let crc = 0;
  return {
    update: data => {
      crc = zlibCrc32(data, crc);
    },
    value: () => {
      const out = new Uint8Array(4);
      new DataView(out.buffer).setUint32(0, crc, true);
      return out;
    },
  };
}

function startSha256(): RunningCheck {
  const hash = createHash('sha256');
  return { update: data => void hash.update(data), value: () => hash.digest() };
}
