import { KheadersPackError } from '../errors.js';
import type { Environment } from './environment.js';

const KEY_MIN = 16;

/**
 * KHEADERS_PACK_CACHE_KEY, what a farm's machines authenticate entries with; null where it is not set.
 *
 * @throws KheadersPackError `E_OPTION_VALUE` when it is short enough to be guessed
 */
export function cacheKey(environment: Environment): string | null {
  const key = environment.variables['KHEADERS_PACK_CACHE_KEY'] || null;
  if (key === null || key.length >= KEY_MIN) return key;
  const expected = `at least ${KEY_MIN} characters`;
  throw new KheadersPackError('E_OPTION_VALUE', { option: 'KHEADERS_PACK_CACHE_KEY', value: '***', expected });
}
