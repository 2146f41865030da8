import { basename, dirname, relative } from 'node:path';
import type { LocalCacheSettings } from '../model/cache.js';
import { openEntry } from './entry.js';
import { SEALED_KINDS } from './localCache.js';
import { Place } from './place.js';
import { unseal } from './sealed.js';
import { readSecret } from './secret.js';
import { type CacheFile, cacheFiles } from './upkeep.js';

/** What a look at every file of the cache found. */
export interface CacheVerdict {
  /** Files that are what they were when they were written. */
  readonly good: number;
  /** Paths of those that were not; they have been removed. */
  readonly dropped: readonly string[];
  /** Files that were made under another secret, by another user say: nobody else can tell whether they are good. */
  readonly foreign: number;
  /** Files that are being written, or that were when a process was killed. */
  readonly unfinished: number;
}

/**
 * Reads every file of the cache and removes those that are damaged or forged.
 *
 * @throws an error of the file system
 */
export function verifyCache(settings: LocalCacheSettings): CacheVerdict {
  const secret = readSecret(settings.secret);
  const place = new Place(settings.directory, secret);
  const all = cacheFiles(settings.directory);
  const files = all.filter(file => file.kind !== 'temporary');
  const own = files.filter(file => !relative(place.directory, file.path).startsWith('..'));
  const dropped = own.filter(file => !isGood(file, place, secret)).map(file => file.path);
  for (const path of dropped) place.remove(relative(place.directory, path));
  return {
    good: own.length - dropped.length,
    dropped,
    foreign: files.length - own.length,
    unfinished: all.length - files.length,
  };
}

function isGood(file: CacheFile, place: Place, secret: string | Buffer): boolean {
  const key = basename(file.path);
  // What was removed meanwhile is no concern of ours any more.
  const bytes = place.read(relative(place.directory, file.path), file.size);
  if (bytes === null || file.kind === 'temporary') return true;
  if (file.kind !== 'block') return unseal(SEALED_KINDS[file.kind], key, bytes, secret) !== null;
  const isShelved = basename(dirname(file.path)) === key.slice(0, 2);
  return isShelved && openEntry(bytes, key, { kind: 'secret', secret }).kind === 'block';
}
