import { statSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { ThreadAhead } from '../pool/threadAhead.js';
import { asked } from './names.js';

/** Commands that read an archive from its start to its end. */
const WHOLE = ['list', 'extract', 'verify'];
/** Bytes of an archive from which its content is worth a second thread: it grows to some eight times as many. */
const WORTH_A_THREAD = 2 ** 21;
const ALONE = /(?:^| )(?:-j|--jobs)[ =]?1(?: |$)/;

/**
 * The thread that decodes beside this one, started while the program is loaded and the command line read, which take as
 * long as its start. It is a guess, from all that a line names: a thread too many ends with the process.
 */
export function threadAhead(args: readonly string[]): ThreadAhead | null {
  const [command = ''] = asked(args);
  if (!WHOLE.includes(command) || ALONE.test(args.join(' ')) || availableParallelism() === 1) return null;
  return args.some(arg => sizeOf(arg) >= WORTH_A_THREAD) ? new ThreadAhead() : null;
}

function sizeOf(path: string): number {
  try {
    return statSync(path, { throwIfNoEntry: false })?.size ?? 0;
  } catch {
    // Not a path, or one that cannot be looked at: whoever opens it says so.
    return 0;
  }
}
