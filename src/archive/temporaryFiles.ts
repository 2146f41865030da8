import { rmSync } from 'node:fs';
import { atSuddenEnd } from '../flow/suddenEnd.js';

/** Files and directories that exist right now and must not outlive the run, for a signal that leaves no time to unwind. */
const temporaryFiles = new Set<string | Buffer>();
let forgetAll: () => void = () => undefined;

/**
 * Makes something that must not outlive the run unless it becomes final. A signal finds either nothing or what is noted:
 * the handlers, which run between turns, stand before it is made. A signal that no handler waits for would end the
 * process at once.
 */
export function makeNoted<T>(path: string | Buffer, make: () => T): T {
  noteTemporary(path);
  try {
    return make();
  } catch (error) {
    forgetTemporary(path);
    throw error;
  }
}

/** What is made by then is the run's. To be called in the turn that makes it, with handlers there already. */
export function noteTemporary(path: string | Buffer): void {
  if (temporaryFiles.size === 0) forgetAll = atSuddenEnd(removeTemporaryFiles);
  temporaryFiles.add(path);
}

/** The file is final, or gone. */
export function forgetTemporary(path: string | Buffer): void {
  temporaryFiles.delete(path);
  if (temporaryFiles.size === 0) forgetAll();
}

/** Removes what was not finished so far. For signal handlers: it is synchronous and does not throw. */
export function removeTemporaryFiles(): void {
  for (const path of temporaryFiles) {
    try {
      rmSync(path, { force: true, recursive: true });
    } catch {
      // The next one may be removable, and the process is about to end.
    }
  }
  temporaryFiles.clear();
  forgetAll();
}
