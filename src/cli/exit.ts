import { visible } from '../bytes/bytePath.js';
import { type ErrorCode, toKheadersPackError } from '../errors.js';

/**
 * Exit codes. 0: done. 1: a negative answer (an archive is bad, two archives differ). 2: trouble (usage, input, output,
 * internal). 141: the reader of an archive on standard output went away, as if SIGPIPE had ended the process.
 */
export const EXIT = { done: 0, negative: 1, trouble: 2, brokenPipe: 141 } as const;

/** What a command answers: it starts as done, and a command that looked and found against it says so. */
export interface Outcome {
  exitCode: number;
}

/** Errors that are an answer: the archive was read, and it is bad. */
const NEGATIVE: readonly ErrorCode[] = ['E_BAD_XZ', 'E_BAD_TAR'];

export function exitCodeOf(error: unknown): number {
  const { code } = toKheadersPackError(error);
  if (code === 'E_PIPE') return EXIT.brokenPipe;
  return NEGATIVE.includes(code) ? EXIT.negative : EXIT.trouble;
}

/** One line on standard error. A reader that went away is told nothing. */
export function report(error: unknown): void {
  const ours = toKheadersPackError(error);
  if (ours.code === 'E_PIPE') return;
  process.stderr.write(`kheaders-pack: ${visible(ours.message)}\n`);
  const cause = ours.cause;
  if (ours.code === 'E_INTERNAL' && process.env['KHEADERS_PACK_DEBUG'] !== undefined && cause instanceof Error) {
    process.stderr.write(`${cause.stack}\n`);
  }
}
