import type { StripMode } from '../../model/settings.js';
import { stripperFor } from '../../strip/strip.js';

/** What changed in a file: bytes that are no text, white space alone, comments (and white space) alone, or what a compiler sees. */
export type ChangeKind = 'binary' | 'white space' | 'comments' | 'code';

/**
 * Stripping keeps comments with SPDX, which are comments all the same: here they go by another name, on both sides.
 * The first byte is one that no header has.
 */
function withoutSpdx(bytes: Uint8Array): Buffer {
  const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('latin1');
  return Buffer.from(text.replaceAll('SPDX', '\x01PDX'), 'latin1');
}

/** @param isHeader only headers have comments that we know */
export function classifyChange(a: Uint8Array, b: Uint8Array, isHeader: boolean): ChangeKind {
  if (isBinary(a) || isBinary(b)) return 'binary';
  if (withoutBlanks(a) === withoutBlanks(b)) return 'white space';
  return isHeader && isSame(stripped(withoutSpdx(a), 'tokens'), stripped(withoutSpdx(b), 'tokens'))
    ? 'comments'
    : 'code';
}

/** As diff(1) and git do: text has no NUL. */
export function isBinary(bytes: Uint8Array): boolean {
  return bytes.includes(0);
}

const MODES = ['tokens', 'comments', 'kernel'] as const satisfies readonly StripMode[];

/** The strip mode that takes most and would leave all of these headers as they are: the one that made them, as a rule. */
export function stripModeOf(headers: readonly Uint8Array[]): StripMode {
  return MODES.find(mode => headers.every(header => isSame(stripped(header, mode), header))) ?? 'none';
}

function stripped(bytes: Uint8Array, mode: StripMode): Uint8Array {
  return stripperFor(mode)(bytes, new Uint8Array(bytes.length));
}

function isSame(a: Uint8Array, b: Uint8Array): boolean {
  return Buffer.compare(a, b) === 0;
}

function withoutBlanks(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('latin1').replace(/\s+/g, '');
}
