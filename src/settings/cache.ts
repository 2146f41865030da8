import { isAbsolute, join, resolve as resolvePath } from 'node:path';
import { formatSize, parseSize } from '../bytes/size.js';
import { KheadersPackError } from '../errors.js';
import type { CacheSettings, LocalCacheSettings, SecretSource } from '../model/cache.js';
import { cacheKey } from './cacheKey.js';
import type { Environment } from './environment.js';
import type { CacheOptions } from './options.js';
import { resolveRemote } from './remoteCache.js';

const CACHE_SIZE = { default: 2 ** 30, min: 2 ** 20, max: 2 ** 50 } as const;
/** In a directory for caches or for state. */
const OUR_DIRECTORY = 'kheaders-pack';
const SECRET_FILE = 'cache-secret';
/** The value of KHEADERS_PACK_CACHE that stands for no cache. */
const OFF = 'off';

/**
 * What is kept between packs, and where.
 *
 * @throws KheadersPackError `E_OPTION_VALUE`
 */
export function resolveCache(options: CacheOptions, environment: Environment): CacheSettings {
  const local = resolveLocal(options, environment);
  const isOff = typeof options.cache !== 'string' && environment.variables['KHEADERS_PACK_CACHE'] === OFF;
  const wantsCache = options.cache !== undefined && options.cache !== false && !isOff;
  return { local, remote: resolveRemote(options, wantsCache, environment) };
}

function resolveLocal(options: CacheOptions, environment: Environment): LocalCacheSettings | null {
  const maxSize = resolveMaxSize(options.cacheSize);
  const directory = cacheDirectory(options.cache, environment);
  if (directory === null) return null;
  return { directory, secret: secretSource(environment), maxSize, isParanoid: options.paranoid === true };
}

/**
 * The directory given, or the user's own: KHEADERS_PACK_CACHE, else `kheaders-pack` in XDG_CACHE_HOME, else in `~/.cache`.
 * Null where none is wanted, or where the user has no home.
 */
function cacheDirectory(given: string | boolean | undefined, environment: Environment): string | null {
  if (given === undefined || given === false) return null;
  const named = typeof given === 'string' ? given : environment.variables['KHEADERS_PACK_CACHE'] || undefined;
  if (named === '') {
    throw new KheadersPackError('E_OPTION_VALUE', { option: '--cache', value: named, expected: 'a directory' });
  }
  if (typeof given !== 'string' && named === OFF) return null;
  if (named !== undefined) return resolvePath(environment.workingDirectory, named);
  return ownDirectory('XDG_CACHE_HOME', '.cache', environment);
}

function secretSource(environment: Environment): SecretSource {
  const key = cacheKey(environment);
  if (key !== null) return { kind: 'given', key };
  const directory = ownDirectory('XDG_STATE_HOME', '.local/state', environment);
  return directory === null ? { kind: 'nowhere' } : { kind: 'file', path: join(directory, SECRET_FILE) };
}

/** Our directory in one of the XDG Base Directory Specification, which has relative paths ignored. */
function ownDirectory(variable: string, inHome: string, environment: Environment): string | null {
  const named = environment.variables[variable] ?? '';
  if (isAbsolute(named)) return join(named, OUR_DIRECTORY);
  const home = environment.variables['HOME'] ?? '';
  return isAbsolute(home) ? join(home, inHome, OUR_DIRECTORY) : null;
}

function resolveMaxSize(given: string | number | undefined): number {
  if (given === undefined) return CACHE_SIZE.default;
  const size = parseSize(String(given));
  if (size !== undefined && size >= CACHE_SIZE.min && size <= CACHE_SIZE.max) return size;
  throw new KheadersPackError('E_OPTION_VALUE', {
    option: '--cache-size',
    value: String(given),
    expected: `a whole number of bytes, KiB, MiB, GiB or TiB, at least ${formatSize(CACHE_SIZE.min)}, such as 1GiB`,
  });
}
