import { rmSync } from 'node:fs';
import { atSuddenEnd } from '../flow/suddenEnd.js';

/** Files and directories that exist right now and must not outlive the run, for a signal that leaves no time to unwind. */
const temporaryFiles = new Set<string | Buffer>();
let forgetAll: () => void = () => undefined;

/** To be called in the turn that makes the file: a signal then finds either no file or a noted one. */
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
