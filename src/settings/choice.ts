import { KheadersPackError } from '../errors.js';

/**
 * The value of an option that takes one of a few words; the first of them when it was not given.
 *
 * @throws KheadersPackError `E_OPTION_VALUE`
 */
export function choiceOf<T extends string>(option: string, given: string | undefined, allowed: readonly T[]): T {
  const chosen = given === undefined ? allowed[0] : allowed.find(candidate => candidate === given);
  if (chosen !== undefined) return chosen;
  throw new KheadersPackError('E_OPTION_VALUE', {
    option,
    value: given ?? '',
    expected: `one of ${allowed.join(', ')}`,
  });
}
