import { spawnSync } from 'node:child_process';
import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';

/** Where the PATH has a program, or null. */
export function findProgram(name: string, path: string): string | null {
  const places = path.split(delimiter).filter(directory => directory !== '');
  return places.map(directory => join(directory, name)).find(isExecutable) ?? null;
}

/** The first line that a program prints of itself, or the empty string. */
export function versionOf(program: string): string {
  for (const args of [['--version'], []]) {
    const { stdout } = spawnSync(program, args, {
      encoding: 'utf8',
      timeout: 10_000,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const line = (stdout ?? '').split('\n').find(text => text.trim() !== '');
    if (line !== undefined) return line.trim();
  }
  return '';
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
