import { crc32 } from './parseXz.js';

/**
 * Writes .xz structures field by field, right or wrong, from the specification alone and sharing nothing with src/xz. CRC32
 * fields are right unless a caller changes them afterwards: what is wrong is then wrong by itself.
 */

/** Section 1.2. */
export function vli(value: bigint | number): Buffer {
  const bytes: number[] = [];
  let rest = BigInt(value);
  for (; rest >= 0x80n; rest >>= 7n) bytes.push(Number(rest & 0x7fn) | 0x80);
  return Buffer.from([...bytes, Number(rest)]);
}

/** Section 2.1.1. */
export function streamHeader(flags: readonly number[]): Buffer {
  return Buffer.concat([Buffer.from('\xfd7zXZ\0', 'latin1'), Buffer.from(flags), crcOf(Buffer.from(flags))]);
}

/** Section 2.1.2. `backwardSize` in bytes. */
export function streamFooter(backwardSize: number, flags: readonly number[]): Buffer {
  const fields = Buffer.alloc(6);
  fields.writeUInt32LE(backwardSize / 4 - 1);
  fields.set(flags, 4);
  return Buffer.concat([crcOf(fields), fields, Buffer.from('YZ')]);
}

export const LZMA2_FLAGS = Buffer.from([0x21, 0x01, 0x00]);

/**
 * Section 3.1.
 *
 * @param flags Block Flags
 * @param fields all that stands between them and Header Padding
 * @param padding what is put there, before null bytes
 */
export function blockHeader(flags: number, fields: readonly Uint8Array[], padding: readonly number[] = []): Buffer {
  const known = Buffer.concat([Buffer.from([0, flags]), ...fields, Buffer.from(padding)]);
  const size = Math.ceil((known.length + 4) / 4) * 4;
  const header = Buffer.concat([known, Buffer.alloc(size - 4 - known.length)]);
  header[0] = size / 4 - 1;
  return Buffer.concat([header, crcOf(header)]);
}

/** LZMA2 data that hold `content` as it is. */
export function stored(content: Uint8Array): Buffer {
  const chunks: Buffer[] = [];
  for (let at = 0; at < content.length; at += 2 ** 16) {
    const piece = content.subarray(at, at + 2 ** 16);
    const size = piece.length - 1;
    chunks.push(Buffer.from([at === 0 ? 0x01 : 0x02, size >> 8, size & 0xff]), Buffer.from(piece));
  }
  return Buffer.concat([...chunks, Buffer.from([0])]);
}

/** Padded with null bytes to a multiple of four. */
export function padded(bytes: Uint8Array): Buffer {
  return Buffer.concat([bytes, Buffer.alloc((4 - (bytes.length % 4)) % 4)]);
}

/** Section 4. @param records Unpadded Size and Uncompressed Size of each */
export function index(
  records: readonly (readonly [bigint | number, bigint | number])[],
  count?: bigint | number,
): Buffer {
  const fields = records.flatMap(([unpadded, uncompressed]) => [vli(unpadded), vli(uncompressed)]);
  const covered = padded(Buffer.concat([Buffer.from([0]), vli(count ?? records.length), ...fields]));
  return Buffer.concat([covered, crcOf(covered)]);
}

/** What a Block is made of; its Compressed Data and its Check need not agree with anything. */
export interface BlockParts {
  readonly header: Uint8Array;
  readonly data: Uint8Array;
  readonly check: Uint8Array;
  readonly content: Uint8Array;
}

/** Section 2.1: a Stream whose sizes all agree. */
export function stream(checkId: number, blocks: readonly BlockParts[]): Buffer {
  const flags = [0, checkId];
  const bodies = blocks.map(({ header, data, check }) => Buffer.concat([padded(Buffer.concat([header, data])), check]));
  const listed = index(
    blocks.map(({ header, data, check, content }) => [header.length + data.length + check.length, content.length]),
  );
  return Buffer.concat([streamHeader(flags), ...bodies, listed, streamFooter(listed.length, flags)]);
}

/** A Block of stored content, whose Block Header states no size. */
export function storedBlock(content: Uint8Array, check: Uint8Array): BlockParts {
  return { header: blockHeader(0, [LZMA2_FLAGS]), data: stored(content), check, content };
}

export function crcOf(bytes: Uint8Array): Buffer {
  const field = Buffer.alloc(4);
  field.writeUInt32LE(crc32(bytes));
  return field;
}
