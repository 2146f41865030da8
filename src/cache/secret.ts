import { randomBytes } from 'node:crypto';
import {
  chmodSync,
  closeSync,
  constants,
  fstatSync,
  linkSync,
  openSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { dirname } from 'node:path';
import { systemCode, systemReason } from '../errors.js';
import { atSuddenEnd } from '../flow/suddenEnd.js';
import type { SecretSource } from '../model/cache.js';
import { makeDirectories } from './directories.js';

const SECRET_BYTES = 32;
const OTHERS = 0o077;

/**
 * What this user's entries are authenticated with. The file is made when there is none: whole or not at all, and by one
 * of several that want it at a time, whose file they all take.
 *
 * @throws an error that says why there is none: the file cannot be made, or it is not the user's alone
 */
export function readSecret(source: SecretSource): string | Buffer {
  if (source.kind === 'given') return source.key;
  if (source.kind === 'nowhere') {
    throw new Error('no place for its secret, HOME is not set (KHEADERS_PACK_CACHE_KEY can take its place)');
  }
  try {
    return readFile(source.path) ?? makeFile(source.path);
  } catch (error) {
    if (systemCode(error) === '') throw error;
    throw new Error(`cannot use its secret "${source.path}": ${systemReason(error)}`, { cause: error });
  }
}

/** Null where there is no file. */
function readFile(path: string): Buffer | null {
  let descriptor: number;
  try {
    descriptor = openSync(path, constants.O_RDONLY | constants.O_NOFOLLOW);
  } catch (error) {
    if (systemCode(error) === 'ENOENT') return null;
    // What O_NOFOLLOW says of it.
    if (systemCode(error) === 'ELOOP') throw new Error(`"${path}" is a symbolic link`, { cause: error });
    throw error;
  }
  try {
    const stats = fstatSync(descriptor);
    if (!stats.isFile() || stats.uid !== process.getuid?.()) throw new Error(`"${path}" is not this user's file`);
    if ((stats.mode & OTHERS) !== 0) throw new Error(`others may read "${path}" (chmod 600 it, or remove it)`);
    const secret = readFileSync(descriptor);
    if (secret.length === SECRET_BYTES) return secret;
    throw new Error(`"${path}" is damaged (remove it)`);
  } finally {
    closeSync(descriptor);
  }
}

function makeFile(path: string): Buffer {
  makeDirectories(dirname(path));
  const temporary = `${path}.${randomBytes(6).toString('hex')}`;
  const remove = (): void => rmSync(temporary, { force: true });
  // Before the file is made: a signal then waits for the end of this turn, where it is gone.
  const settled = atSuddenEnd(remove);
  try {
    writeFileSync(temporary, randomBytes(SECRET_BYTES), { flag: 'wx', mode: 0o600 });
    chmodSync(temporary, 0o600);
    // Unlike a rename, a link never replaces the file that another process has made meanwhile.
    linkSync(temporary, path);
  } catch (error) {
    if (systemCode(error) !== 'EEXIST') throw error;
  } finally {
    remove();
    settled();
  }
  const made = readFile(path);
  if (made === null) throw new Error(`"${path}" was removed while it was made`);
  return made;
}
