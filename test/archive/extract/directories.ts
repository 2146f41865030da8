import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { succeeded } from '../../support/archive.js';
import { run, runCli } from '../../support/cli.js';

/** Extracts archives, each into a new directory of `work`. */
export interface Extractors {
  readonly newDirectory: () => string;
  /** What GNU tar makes of an archive, as an ordinary user's: the umask applies. */
  readonly byGnuTar: (archive: string, ...members: string[]) => Promise<string>;
  readonly byUs: (archive: string, ...args: string[]) => Promise<string>;
}

export function extractorsIn(work: string): Extractors {
  let directories = 0;
  const newDirectory = (): string => {
    directories++;
    const directory = join(work, `out-${directories}`);
    mkdirSync(directory);
    return directory;
  };
  return {
    newDirectory,
    async byGnuTar(archive, ...members) {
      const directory = newDirectory();
      const options = ['--no-same-permissions', '--no-same-owner', '-C', directory];
      succeeded(await run('tar', ['-xf', archive, ...options, ...members]));
      return directory;
    },
    async byUs(archive, ...args) {
      const directory = newDirectory();
      succeeded(await runCli(['extract', archive, '-C', directory, '-q', ...args]));
      return directory;
    },
  };
}

/** Settings of packs that are there to be extracted. */
export const QUICK = ['--preset', '0', '--block-size', '64KiB', '--jobs', '2'];
export const WITH_TIMES = { times: true };
