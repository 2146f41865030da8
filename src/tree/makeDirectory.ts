import { mkdirSync } from 'node:fs';
import { systemCode } from '../errors.js';

/** Makes a directory; the umask applies. False where there is something of that name already, which need not be one. */
export function makeDirectory(location: string | Buffer, mode: number): boolean {
  try {
    mkdirSync(location, mode);
    return true;
  } catch (error) {
    if (systemCode(error) === 'EEXIST') return false;
    throw error;
  }
}
