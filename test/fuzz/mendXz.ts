import { CHECKS, checkOfId, checkSizeOf } from '../../src/xz/check.js';
import { crcOf, index, streamFooter } from '../xz/buildXz.js';
import type { Random } from './random.js';

const MAGIC = Buffer.from('\xfd7zXZ\0', 'latin1');
const HEADER_SIZE = 12;
const CRC_SIZE = 4;
/** Each repair is left out once in so many times. */
const SELDOM = 16;

/**
 * Puts right what a decoder of .xz looks at first: CRC32 fields, paddings, Checks of stored content, and the Index and the
 * Stream Footer, which are made anew of the Blocks that are there. Follows the specification as far as the bytes do.
 */
export function mendXz(input: Buffer, random: Random): Buffer {
  const bytes = Buffer.from(input);
  const pieces: Buffer[] = [];
  let at = 0;
  while (at + HEADER_SIZE <= bytes.length) {
    if (!bytes.subarray(at, at + MAGIC.length).equals(MAGIC)) {
      if (bytes.readUInt32LE(at) !== 0) break;
      pieces.push(bytes.subarray(at, at + 4));
      at += 4;
      continue;
    }
    const stream = mendStream(bytes, at, random);
    pieces.push(stream.bytes);
    at = stream.end;
  }
  return Buffer.concat([...pieces, bytes.subarray(at)]);
}

type Record = readonly [unpaddedSize: number, uncompressedSize: number];

function mendStream(bytes: Buffer, start: number, random: Random): { bytes: Buffer; end: number } {
  const flags = bytes.subarray(start + MAGIC.length, start + MAGIC.length + 2);
  if (!random.once(SELDOM)) bytes.set(crcOf(flags), start + 8);
  const checkId = (flags[1] ?? 0) & 0x0f;
  const records: Record[] = [];
  let at = start + HEADER_SIZE;
  for (let first = bytes[at]; first !== undefined && first !== 0; first = bytes[at]) {
    const block = mendBlock(bytes, at, checkId, random);
    if (block === null) return { bytes: bytes.subarray(start), end: bytes.length };
    records.push(block.record);
    at = block.end;
  }
  const old = indexEnd(bytes, at);
  const end = Math.min(bytes.length, old + HEADER_SIZE);
  if (random.once(SELDOM)) return { bytes: bytes.subarray(start, end), end };
  let made = index(records);
  if (random.once(3) && old <= bytes.length && old - at >= 8) {
    // The old one, with a right CRC32.
    made = Buffer.from(bytes.subarray(at, old));
    made.set(crcOf(made.subarray(0, -CRC_SIZE)), made.length - CRC_SIZE);
  }
  const footer = streamFooter(random.once(SELDOM) ? made.length + 4 : made.length, [...flags]);
  return { bytes: Buffer.concat([bytes.subarray(start, at), made, footer]), end };
}

/** Null where the bytes end before the Block does. */
function mendBlock(
  bytes: Buffer,
  start: number,
  checkId: number,
  random: Random,
): { record: Record; end: number } | null {
  const dataAt = start + ((bytes[start] ?? 0) + 1) * 4;
  if (dataAt > bytes.length) return null;
  if (!random.once(SELDOM)) bytes.set(crcOf(bytes.subarray(start, dataAt - CRC_SIZE)), dataAt - CRC_SIZE);
  const data = chunksOf(bytes, dataAt);
  if (data === null) return null;
  const checkAt = Math.ceil(data.end / 4) * 4;
  const checkSize = checkSizeOf(checkId);
  if (checkAt + checkSize > bytes.length) return null;
  if (!random.once(SELDOM)) bytes.fill(0, data.end, checkAt);
  if (data.content !== null && !random.once(SELDOM)) {
    bytes.set((checkOfId(checkId) ?? CHECKS.none).compute(data.content), checkAt);
  }
  return {
    record: [data.end - start + checkSize, data.uncompressedSize],
    end: checkAt + checkSize,
  };
}

/** LZMA2 chunks up to the end marker: where they end, what they say they decode to, and that itself where all are stored. */
function chunksOf(
  bytes: Buffer,
  start: number,
): { end: number; uncompressedSize: number; content: Buffer | null } | null {
  let content: Buffer | null = Buffer.alloc(0);
  let uncompressedSize = 0;
  for (let at = start; ; ) {
    const control = bytes[at];
    if (control === 0) return { end: at + 1, uncompressedSize, content };
    if (control === undefined || at + 5 > bytes.length) return null;
    if (control < 0x80) {
      const size = bytes.readUInt16BE(at + 1) + 1;
      if (content !== null) content = Buffer.concat([content, bytes.subarray(at + 3, at + 3 + size)]);
      uncompressedSize += size;
      at += 3 + size;
    } else {
      content = null;
      uncompressedSize += ((control & 0x1f) << 16) + bytes.readUInt16BE(at + 1) + 1;
      at += (control >= 0xc0 ? 6 : 5) + bytes.readUInt16BE(at + 3) + 1;
    }
  }
}

/** Where the Index that begins at `start` ends, as far as its numbers can be followed. */
function indexEnd(bytes: Buffer, start: number): number {
  let at = start + 1;
  const number = (): number => {
    let value = 0;
    for (let unit = 1; at < bytes.length; unit *= 128) {
      const byte = bytes[at++] ?? 0;
      value += (byte & 0x7f) * unit;
      if (byte < 0x80) break;
    }
    return value;
  };
  for (let left = 2 * number(); left > 0 && at < bytes.length; left--) number();
  return start + Math.ceil((at - start) / 4) * 4 + CRC_SIZE;
}
