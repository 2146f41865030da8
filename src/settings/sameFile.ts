import { statSync } from 'node:fs';
import { resolve } from 'node:path';
import { leadsTo } from '../tree/leadsTo.js';
import { workingDirectory } from './environment.js';

/** Whether two paths name one file, whatever they are called; where one is not there, whether both lead to it. */
export function isSameFile(a: string, b: string): boolean {
  if (leadsTo(resolve(workingDirectory(), a)) === leadsTo(resolve(workingDirectory(), b))) return true;
  try {
    const [first, second] = [statSync(a, { bigint: true }), statSync(b, { bigint: true })];
    return first.ino === second.ino && first.dev === second.dev;
  } catch {
    return false;
  }
}
