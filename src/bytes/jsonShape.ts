/**
 * Readers of JSON that nobody vouches for: each takes a value and the place where it stands, and gives the value with its
 * type or throws a `ShapeError` that names the place. Properties that nobody asks for are passed over.
 */
export class ShapeError extends Error {
  override readonly name = 'ShapeError';
}

export type Shape<T> = (value: unknown, at: string) => T;

/** An object with the properties named; what others it has is not looked at. */
export function object<T extends object>(shapes: { readonly [K in keyof T]-?: Shape<T[K]> }): Shape<T> {
  return (value, at) => {
    if (typeof value !== 'object' || value === null || Array.isArray(value)) throw unexpected(at, 'an object', value);
    const read: Partial<T> = {};
    for (const key in shapes) {
      const inner = shapes[key](
        Object.hasOwn(value, key) ? (value as Record<string, unknown>)[key] : undefined,
        at === '' ? key : `${at}.${key}`,
      );
      if (inner !== undefined) read[key] = inner;
    }
    return read as T;
  };
}

export function list<T>(of: Shape<T>): Shape<readonly T[]> {
  return (value, at) => {
    if (!Array.isArray(value)) throw unexpected(at, 'a list', value);
    return value.map((inner, i) => of(inner, `${at}[${i}]`));
  };
}

/** The value, or undefined where the property is not there. The caller's type has to admit that. */
export function optional<T>(of: Shape<T>): Shape<T> {
  return (value, at) => (value === undefined ? (undefined as T) : of(value, at));
}

/** A string without unpaired surrogates, which no bytes could stand for. */
export const text: Shape<string> = (value, at) => {
  if (typeof value !== 'string' || !value.isWellFormed()) throw unexpected(at, 'a string', value);
  return value;
};

/** The value, or null. */
export function nullable<T>(of: Shape<T>): Shape<T | null> {
  return (value, at) => (value === null ? null : of(value, at));
}

/** An object with any properties, all of one shape. */
export function record<T>(of: Shape<T>): Shape<Readonly<Record<string, T>>> {
  return (value, at) => {
    if (typeof value !== 'object' || value === null || Array.isArray(value)) throw unexpected(at, 'an object', value);
    return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, of(inner, `${at}.${key}`)]));
  };
}

export const flag: Shape<boolean> = (value, at) => {
  if (typeof value !== 'boolean') throw unexpected(at, 'true or false', value);
  return value;
};

/** A number of any size. */
export const number: Shape<number> = (value, at) => {
  if (typeof value === 'number' && Number.isFinite(value)) return value;
  throw unexpected(at, 'a number', value);
};

/** A whole number within the bounds, which are allowed themselves. */
export function whole(min: number, max: number): Shape<number> {
  return (value, at) => {
    if (typeof value === 'number' && Number.isSafeInteger(value) && value >= min && value <= max) return value;
    throw unexpected(at, `a whole number from ${min} to ${max}`, value);
  };
}

/** Bytes, or anything else that is counted. */
export const count: Shape<number> = whole(0, Number.MAX_SAFE_INTEGER);

/** SHA-256 in hexadecimal. */
export const sha256: Shape<string> = (value, at) => {
  if (typeof value === 'string' && /^[0-9a-f]{64}$/.test(value)) return value;
  throw unexpected(at, '64 hexadecimal digits', value);
};

export function oneOf<T extends string>(...words: readonly T[]): Shape<T> {
  return (value, at) => {
    const word = words.find(candidate => candidate === value);
    if (word === undefined) throw unexpected(at, `one of ${words.join(', ')}`, value);
    return word;
  };
}

const FOUND_MAX = 40;

function unexpected(at: string, expected: string, value: unknown): ShapeError {
  return new ShapeError(`${at === '' ? 'it' : at}: expected ${expected}, found ${foundText(value)}`);
}

/** In short, and without going into it: it may be nested deeper than the stack. */
function foundText(value: unknown): string {
  if (value === undefined) return 'nothing';
  if (Array.isArray(value)) return 'a list';
  return typeof value === 'object' && value !== null ? 'an object' : JSON.stringify(value).slice(0, FOUND_MAX);
}
