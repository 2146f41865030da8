import { spawnSync } from 'node:child_process';
import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';

/** Where the PATH has a program, or null. */
export function findProgram(name: string, path: string): string | null {
  const places = path.split(delimiter).filter(directory => directory !== '');
  return places.map(directory => join(directory, name)).find(isExecutable) ?? null;
}

/** The first line with a number that a program answers `--version` with; the empty string where it answers something else. */
export function versionOf(program: string): string {
  const { stdout } = spawnSync(program, ['--version'], {
    encoding: 'utf8',
    timeout: 10_000,
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  return (
    (stdout ?? '')
      .split('\n')
      .find(line => /\d/.test(line))
      ?.trim() ?? ''
  );
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
