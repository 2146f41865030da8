import { rmSync } from 'node:fs';

/** Files and directories that exist right now and must not outlive the run, for a signal that leaves no time to unwind. */
const temporaryFiles = new Set<string | Buffer>();

/** To be called in the turn that makes the file: a signal then finds either no file or a noted one. */
export function noteTemporary(path: string | Buffer): void {
  temporaryFiles.add(path);
}

/** The file is final, or gone. */
export function forgetTemporary(path: string | Buffer): void {
  temporaryFiles.delete(path);
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
}
