import type { Readable, Writable } from 'node:stream';
import { inspect } from 'node:util';
import { KheadersPackError } from '../errors.js';
import { nearest } from './nearest.js';

/** What a value has to be before it is looked at: callers without TypeScript have nobody else to tell them. */
export interface Kind<T> {
  readonly expected: string;
  holds(value: unknown): value is T;
}

/** The kind of each option's value. */
export type Kinds<Options> = { readonly [Key in keyof Options]-?: Kind<Exclude<Options[Key], undefined>> };

function kind<T>(expected: string, holds: (value: unknown) => boolean): Kind<T> {
  return { expected, holds: (value): value is T => holds(value) };
}

/** No bytes stand for half of a surrogate pair: neither a path nor a manifest can have it. */
const isText = (value: unknown): boolean => typeof value === 'string' && value.isWellFormed();
/** Streams of other libraries and realms are taken, too. */
const hasMethod = (value: unknown, name: PropertyKey): boolean =>
  typeof (value as Record<PropertyKey, unknown> | null | undefined)?.[name] === 'function';
export const isReadable = (value: object): value is Readable => hasMethod(value, 'on') && hasMethod(value, 'destroy');
const isWritable = (value: unknown): boolean => hasMethod(value, 'write') && hasMethod(value, 'getMaxListeners');

export const TEXT = kind<string>('a well-formed string', isText);
export const TEXTS = kind<readonly string[]>(
  'a list of well-formed strings',
  value => Array.isArray(value) && value.every(isText),
);
export const FLAG = kind<boolean>('true or false', value => typeof value === 'boolean');
/** A number, or as the command line has it. */
export const AMOUNT = kind<string | number>(
  'a number or a string',
  value => isText(value) || typeof value === 'number',
);
export const CALLBACK = kind<(value: unknown) => void>('a function', value => typeof value === 'function');
export const SIGNAL = kind<AbortSignal>('an AbortSignal', value => hasMethod(value, 'throwIfAborted'));
export const TEXT_OR_FLAG = kind<string | boolean>(
  'a string, true or false',
  value => isText(value) || FLAG.holds(value),
);
export const SINK = kind<string | Writable>('a path or a writable stream', value => isText(value) || isWritable(value));
export const ARCHIVE = kind<string | AsyncIterable<Uint8Array> | { readonly name: string; readonly bytes: Uint8Array }>(
  'a path, a readable stream, or bytes with a name',
  value => isText(value) || hasMethod(value, Symbol.asyncIterator) || isNamedBytes(value),
);

function isNamedBytes(value: unknown): boolean {
  const { name, bytes } = (value ?? {}) as Record<string, unknown>;
  return isText(name) && bytes instanceof Uint8Array;
}

/**
 * Takes options that are known, with values of their kinds, and no others: an option that is mistyped would be one that
 * was not given, and the archive another than was meant.
 *
 * @throws KheadersPackError `E_OPTION_VALUE`
 */
export function requireKinds<Options extends object>(options: Options, kinds: Kinds<Options>): void {
  requireKind('options', options, OBJECT);
  const names = Object.keys(kinds);
  const unknown = Object.keys(options).find(option => !Object.hasOwn(kinds, option));
  if (unknown !== undefined) {
    const expected = nearest(unknown, names) ?? `one of ${names.join(', ')}`;
    throw new KheadersPackError('E_OPTION_VALUE', { option: 'the name of an option', value: unknown, expected });
  }
  for (const option in kinds) {
    if (options[option] !== undefined) requireKind(option, options[option], kinds[option]);
  }
}

const OBJECT = kind<object>('an object', value => typeof value === 'object' && value !== null && !Array.isArray(value));

/** @throws KheadersPackError `E_OPTION_VALUE` */
export function requireKind(option: string, value: unknown, { expected, holds }: Kind<unknown>): void {
  if (holds(value)) return;
  throw new KheadersPackError('E_OPTION_VALUE', { option, value: shown(value), expected });
}

const SHOWN_MAX = 40;

/** On one short line, whatever it is. */
function shown(value: unknown): string {
  const text = typeof value === 'string' ? value : inspect(value, { depth: 0, breakLength: Number.POSITIVE_INFINITY });
  return text.slice(0, SHOWN_MAX);
}
