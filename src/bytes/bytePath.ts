/**
 * Paths are bytes. A `BytePath` is a string in which each UTF-16 code unit stands for one byte (latin1), so that
 * names that are not UTF-8 survive, `<` compares bytes, and a path can be a map key.
 */
declare const brand: unique symbol;
export type BytePath = string & { readonly [brand]: true };

/** A path as the operating system or a person gave it, in UTF-8. */
export function fromUtf8(text: string): BytePath {
  return Buffer.from(text, 'utf8').toString('latin1') as BytePath;
}

/** A string that already holds one byte per code unit. */
export function fromLatin1(text: string): BytePath {
  return text as BytePath;
}

/** The bytes, for the file system. */
export function toBuffer(path: BytePath): Buffer {
  return Buffer.from(path, 'latin1');
}

const BEYOND_ASCII = /[\x80-\xff]/;

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
  try {
    return strictUtf8.decode(toBuffer(path));
  } catch {
    return undefined;
  }
}

/** The path for a message: control characters and bytes that are not UTF-8 become `\n`, `\xNN`. */
export function printable(path: BytePath): string {
  const text = toUtf8(path);
  const escaped = (c: string): string =>
    c === '\n' ? '\\n' : c === '\t' ? '\\t' : `\\x${c.charCodeAt(0).toString(16).padStart(2, '0')}`;
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is looked for
  if (text !== undefined) return text.replace(/[\x00-\x1f\x7f]/g, escaped);
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is looked for
  return path.replace(/[\x00-\x1f\x7f-\xff]/g, escaped);
}

/** The path for JSON: `path` reads well; `pathBase64` stands beside it when the bytes are not UTF-8. */
export function toJson(path: BytePath): { path: string; pathBase64?: string } {
  const text = toUtf8(path);
  if (text !== undefined) return { path: text };
  return { path: printable(path), pathBase64: toBuffer(path).toString('base64') };
}
