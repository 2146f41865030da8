import { CorpusError } from './command.js';

/** @throws CorpusError for what is no whole number from `minimum` to 999,999,999 */
export function wholeNumber(option: string, text: string, minimum: number): number {
  if (/^\d{1,9}$/.test(text) && Number(text) >= minimum) return Number(text);
  throw new CorpusError(`Invalid value "${text}" for ${option}: expected a whole number from ${minimum} to 999999999`);
}
