import { hasBytesAt, MAGIC } from '../../bytes/magic.js';

/** `ustar`, which every tar since 1988 has there. */
const TAR_AT = 257;
const TAR_MAGIC = [0x75, 0x73, 0x74, 0x61, 0x72];

/** What is given for an .xz file by mistake. */
const FORMATS: readonly (readonly [name: string, magic: readonly number[]])[] = [
  ['gzip data', MAGIC.gzip],
  ['bzip2 data', MAGIC.bzip2],
  ['zstd data', MAGIC.zstd],
  ['lz4 data', MAGIC.lz4],
  ['lzip data', MAGIC.lzip],
  ['.lzma data', MAGIC.lzma],
  ['a 7z archive', MAGIC.sevenZip],
  ['a zip archive', MAGIC.zip],
];

/** How much of a file `otherFormat` looks at, in bytes. */
export const SIGNATURE_SIZE = TAR_AT + TAR_MAGIC.length;

/** The format, tar aside, whose signature the bytes begin with; null where they begin with none that is known. */
export function formatBySignature(head: Uint8Array): string | null {
  return FORMATS.find(([, magic]) => hasBytesAt(head, 0, magic))?.[0] ?? null;
}

/** What a file that is no .xz seems to be, in words that go on from "expected an .xz file, found". */
export function otherFormat(head: Uint8Array): string {
  if (head.length === 0) return 'an empty one';
  if (hasBytesAt(head, TAR_AT, TAR_MAGIC)) return 'a plain tar';
  return formatBySignature(head) ?? 'something else';
}
