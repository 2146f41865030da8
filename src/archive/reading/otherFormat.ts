/** The first bytes of what is given for an .xz file by mistake, each at its offset. */
const SIGNATURES: readonly (readonly [name: string, offset: number, ...bytes: number[]])[] = [
  ['a plain tar', 257, 0x75, 0x73, 0x74, 0x61, 0x72],
  ['gzip data', 0, 0x1f, 0x8b],
  ['bzip2 data', 0, 0x42, 0x5a, 0x68],
  ['zstd data', 0, 0x28, 0xb5, 0x2f, 0xfd],
  ['lz4 data', 0, 0x04, 0x22, 0x4d, 0x18],
  ['lzip data', 0, 0x4c, 0x5a, 0x49, 0x50],
  ['.lzma data', 0, 0x5d, 0x00, 0x00],
  ['a 7z archive', 0, 0x37, 0x7a, 0xbc, 0xaf],
  ['a zip archive', 0, 0x50, 0x4b, 0x03, 0x04],
];

/** How much of a file `otherFormat` looks at, in bytes. */
export const SIGNATURE_SIZE = 262;

/** What a file that is no .xz seems to be, in words that go on from "expected an .xz file, found". */
export function otherFormat(head: Uint8Array): string {
  if (head.length === 0) return 'an empty one';
  const known = SIGNATURES.find(([, offset, ...bytes]) => bytes.every((byte, i) => head[offset + i] === byte));
  return known?.[0] ?? 'something else';
}
