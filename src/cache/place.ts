import { createHash, randomBytes } from 'node:crypto';
import {
  closeSync,
  constants,
  fstatSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { systemCode } from '../errors.js';
import { linkOnWay, makeDirectories } from './directories.js';

/**
 * What lies where in a cache directory.
 *
 *     CACHEDIR.TAG          tells backups to leave the directory out (bford.info/cachedir)
 *     1-ID/blocks/KE/KEY    a Block, under its key
 *     1-ID/trees/KEY        the stat index of a tree
 *     1-ID/plans/KEY        the outline of a plan
 *     1-ID/tmp/             files that are being written
 *
 * 1 is the version of all this, ID stands for the secret: whoever has another one has another place.
 *
 * There is no lock anywhere. A file is written under a name of its own in tmp/ and renamed: it is there whole or not at
 * all, and the last of several writers of one key stays, which all wrote the same. A reader has the file open, or finds
 * none; files are only ever removed, never changed. A process that is killed leaves at most its file in tmp/, which goes
 * when it is old. Nothing is synced: what a power failure damages does not pass its check.
 */
const LAYOUT = '1';
const TAG =
  'Signature: 8a477f597d28d172789f06886806bc55\n# This is a cache of kheaders-pack: it may be removed at any time\n';

export const BLOCKS = 'blocks';
export const TREES = 'trees';
export const PLANS = 'plans';
export const TEMPORARY = 'tmp';
/** Names of users' places, each under its secret's. */
export const PLACE_NAME = /^1-[0-9a-f]{16}$/;

/** The part of a cache directory that belongs to one secret. */
export class Place {
  readonly root: string;
  readonly directory: string;

  /** @param root absolute path of the cache directory */
  constructor(root: string, secret: string | Buffer) {
    const id = createHash('sha256').update('kheaders-pack cache\0').update(secret).digest('hex').slice(0, 16);
    this.root = root;
    this.directory = join(root, `${LAYOUT}-${id}`);
  }

  /** A Block's file, relative to `directory`: 256 directories keep each of them short. */
  blockFile(key: string): string {
    return join(BLOCKS, key.slice(0, 2), key);
  }

  treeFile(key: string): string {
    return join(TREES, key);
  }

  planFile(key: string): string {
    return join(PLANS, key);
  }

  /**
   * Null where there is no such file.
   *
   * @param limit bytes that are believable; a longer file is as good as an empty one
   */
  read(file: string, limit: number): Buffer | null {
    const descriptor = openIfThere(this.#at(file));
    if (descriptor === null) return null;
    try {
      const stats = fstatSync(descriptor);
      return stats.isFile() && stats.size <= limit ? readFileSync(descriptor) : Buffer.alloc(0);
    } finally {
      closeSync(descriptor);
    }
  }

  /** @param pieces of the file's bytes, in order */
  write(file: string, pieces: Iterable<Uint8Array>): void {
    const target = this.#at(file);
    const temporary = this.#at(join(TEMPORARY, randomBytes(8).toString('hex')));
    try {
      writeNew(temporary, pieces, () => this.#lay(dirname(temporary)));
      moveTo(temporary, target, () => makeDirectories(dirname(target)));
    } catch (error) {
      rmSync(temporary, { force: true });
      throw error;
    }
  }

  /** Notes that a file was of use: what was not for longest goes first. */
  touch(file: string): void {
    const now = new Date();
    utimesSync(this.#at(file), now, now);
  }

  remove(file: string): void {
    rmSync(this.#at(file), { force: true });
  }

  /** @throws an error where a link is on the way: it would lead out of the cache */
  #at(file: string): string {
    const path = join(this.directory, file);
    const link = linkOnWay(this.root, dirname(path));
    if (link !== null) throw new Error(`"${link}" is a symbolic link`);
    return path;
  }

  #lay(directory: string): void {
    makeDirectories(directory);
    try {
      writeFileSync(join(this.root, 'CACHEDIR.TAG'), TAG, { flag: 'wx' });
    } catch (error) {
      if (systemCode(error) !== 'EEXIST') throw error;
    }
  }
}

/** Does not follow a link and does not wait on a FIFO, should someone have put one there. */
function openIfThere(path: string): number | null {
  try {
    return openSync(path, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
  } catch (error) {
    if (systemCode(error) === 'ENOENT') return null;
    throw error;
  }
}

/** Writes a file that is not there yet; where its directory is not either, that is made first. */
function writeNew(path: string, pieces: Iterable<Uint8Array>, makeDirectory: () => void): void {
  const descriptor = retried(() => openSync(path, 'wx', 0o600), makeDirectory);
  try {
    for (const piece of pieces) writeFileSync(descriptor, piece);
  } finally {
    closeSync(descriptor);
  }
}

function moveTo(from: string, to: string, makeDirectory: () => void): void {
  retried(() => renameSync(from, to), makeDirectory);
}

function retried<T>(attempt: () => T, makeDirectory: () => void): T {
  try {
    return attempt();
  } catch (error) {
    if (systemCode(error) !== 'ENOENT') throw error;
    makeDirectory();
    return attempt();
  }
}
