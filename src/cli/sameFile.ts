import { statSync } from 'node:fs';
import { resolve } from 'node:path';
import { workingDirectory } from '../settings/environment.js';

/** Whether two paths name one file, whatever they are called; where one is not there, whether they are one path. */
export function isSameFile(a: string, b: string): boolean {
  if (resolve(workingDirectory(), a) === resolve(workingDirectory(), b)) return true;
  try {
    const [first, second] = [statSync(a, { bigint: true }), statSync(b, { bigint: true })];
    return first.ino === second.ino && first.dev === second.dev;
  } catch {
    return false;
  }
}
