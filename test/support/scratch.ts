import { spawnSync } from 'node:child_process';
import { chmodSync, mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** What can run something at its end: a test's context, or `node:test` itself for a whole file. */
interface Ending {
  after(run: () => void): void;
}

/** A new directory that every user may enter, removed at the end with all that is in it. */
export function scratch(ending: Ending): string {
  const directory = mkdtempSync(join(tmpdir(), 'kheaders-pack-test-'));
  chmodSync(directory, 0o755);
  // Node's own removal stumbles over names that are not UTF-8; who is not root has to open closed directories first.
  ending.after(() => {
    spawnSync('chmod', ['-R', 'u+rwX', directory]);
    spawnSync('rm', ['-rf', directory]);
  });
  return directory;
}
