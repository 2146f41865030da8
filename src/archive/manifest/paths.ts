import { type BytePath, fromLatin1, fromUtf8 } from '../../bytes/bytePath.js';
import type { ManifestEntry } from '../../model/manifest.js';

/** The bytes of an entry's name. */
export function entryPath({ path, pathBase64 }: ManifestEntry): BytePath {
  return pathBase64 === undefined ? fromUtf8(path) : pathOfBase64(pathBase64);
}

/** The bytes of a link's target; the empty path where there is none. */
export function entryTarget({ target, targetBase64 }: ManifestEntry): BytePath {
  return targetBase64 === undefined ? fromUtf8(target ?? '') : pathOfBase64(targetBase64);
}

export function pathOfBase64(base64: string): BytePath {
  return fromLatin1(Buffer.from(base64, 'base64').toString('latin1'));
}
