/**
 * Paths are bytes. A `BytePath` is a string in which each UTF-16 code unit stands for one byte (latin1), so that
 * names that are not UTF-8 survive, `<` compares bytes, and a path can be a map key.
 */
declare const brand: unique symbol;
export type BytePath = string & { readonly [brand]: true };

const BEYOND_ASCII = /[\x80-\uffff]/;

/** A path as the operating system or a person gave it, in UTF-8. ASCII, as nearly all are, is the same in latin1. */
export function fromUtf8(text: string): BytePath {
  return (BEYOND_ASCII.test(text) ? Buffer.from(text, 'utf8').toString('latin1') : text) as BytePath;
}

/** A string that already holds one byte per code unit. */
export function fromLatin1(text: string): BytePath {
  return text as BytePath;
}

/** The bytes, for the file system. */
export function toBuffer(path: BytePath): Buffer {
  return Buffer.from(path, 'latin1');
}

/** The path for Node's file functions: ASCII as it is, which spares them a copy, and anything else as its bytes. */
export function toNative(path: BytePath): string | Buffer {
  return BEYOND_ASCII.test(path) ? toBuffer(path) : path;
}

/** `parent/child`, without doubling the slash. */
export function join(parent: BytePath, child: BytePath): BytePath {
  if (parent === '') return child;
  return fromLatin1(parent.endsWith('/') ? parent + child : `${parent}/${child}`);
}

/** The part before the last slash, or the empty path. */
export function parentOf(path: BytePath): BytePath {
  return fromLatin1(path.slice(0, Math.max(0, path.lastIndexOf('/'))));
}

/** The part after the last slash. */
export function baseOf(path: BytePath): BytePath {
  return fromLatin1(path.slice(path.lastIndexOf('/') + 1));
}

const strictUtf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** The path as UTF-8 text, or undefined when its bytes are not UTF-8. */
export function toUtf8(path: BytePath): string | undefined {
  if (!BEYOND_ASCII.test(path)) return path;
  try {
    return strictUtf8.decode(toBuffer(path));
  } catch {
    return undefined;
  }
}

/** The path for a message: what a terminal would act on and bytes that are not UTF-8 become `\n`, `\xNN`, `\u{NNNN}`. */
export function printable(path: BytePath): string {
  return visible(toUtf8(path) ?? path.replace(/[\x80-\xff]/g, byte => `\\x${byte.charCodeAt(0).toString(16)}`));
}

const LETTERS: Readonly<Record<string, string>> = { '\n': '\\n', '\t': '\\t', '\r': '\\r' };
/** Control characters of ASCII and Unicode, line separators, and what turns the direction of text. */
const UNSEEN = /[\p{Cc}\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]/gu;

/** Text with everything that a terminal would act on instead of showing it escaped. */
export function visible(text: string): string {
  return text.replace(UNSEEN, c => LETTERS[c] ?? escaped(c.charCodeAt(0)));
}

function escaped(unit: number): string {
  const digits = unit.toString(16);
  return unit < 0x80 ? `\\x${digits.padStart(2, '0')}` : `\\u{${digits}}`;
}

/** The path for JSON: `path` reads well; `pathBase64` stands beside it when the bytes are not UTF-8. */
export function toJson(path: BytePath): { path: string; pathBase64?: string } {
  const text = toUtf8(path);
  if (text !== undefined) return { path: text };
  return { path: printable(path), pathBase64: toBuffer(path).toString('base64') };
}
