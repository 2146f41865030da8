/** As much of Zstandard's frames (RFC 8878, section 3.1) as it takes to know what memory they ask for. */
const MAGIC = 0xfd2fb528;
const SKIPPABLE_MAGIC = 0x184d2a5;
const MAGIC_SIZE = 4;
const SKIPPABLE_SIZE = 4;
const BLOCK_HEADER_SIZE = 3;
const CHECKSUM_SIZE = 4;

/** Section 3.1.1.1.1: fields of the frame header's first byte. */
const SINGLE_SEGMENT = 0x20;
const HAS_CHECKSUM = 0x04;
const DICTIONARY_ID_SIZES = [0, 1, 2, 4] as const;
const CONTENT_SIZE_SIZES = [0, 2, 4, 8] as const;

/** Section 3.1.1.2.2. */
const RLE_BLOCK = 1;

/**
 * The largest window of any frame, in bytes: a decoder holds so much of what it has decoded, and ours takes it at once,
 * whatever the data come to. Frames are followed as far as they are any; what is wrong with them the decoder finds out.
 */
export function largestWindow(data: Uint8Array): number {
  const view = new DataView(data.buffer, data.byteOffset, data.length);
  let largest = 0;
  try {
    for (let at = 0; at < data.length; ) {
      const magic = view.getUint32(at, true);
      if (magic >>> 4 === SKIPPABLE_MAGIC) {
        at += MAGIC_SIZE + SKIPPABLE_SIZE + view.getUint32(at + MAGIC_SIZE, true);
        continue;
      }
      if (magic !== MAGIC) break;
      const header = frameHeader(view, at + MAGIC_SIZE);
      largest = Math.max(largest, header.window);
      at = endOfBlocks(view, header.end) + (header.hasChecksum ? CHECKSUM_SIZE : 0);
    }
  } catch (error) {
    // The data end inside a frame.
    if (!(error instanceof RangeError)) throw error;
  }
  return largest;
}

/** Section 3.1.1.1. */
function frameHeader(view: DataView, start: number): { window: number; hasChecksum: boolean; end: number } {
  const descriptor = view.getUint8(start);
  const isSingle = (descriptor & SINGLE_SEGMENT) !== 0;
  let at = start + 1;
  let window = isSingle ? 0 : windowOf(view.getUint8(at++));
  at += DICTIONARY_ID_SIZES[descriptor & 3] ?? 0;
  const flag = descriptor >>> 6;
  const size = flag === 0 && isSingle ? 1 : (CONTENT_SIZE_SIZES[flag] ?? 0);
  if (isSingle) window = contentSize(view, at, size);
  return { window, hasChecksum: (descriptor & HAS_CHECKSUM) !== 0, end: at + size };
}

/** Section 3.1.1.1.2. */
function windowOf(descriptor: number): number {
  const base = 2 ** (10 + (descriptor >>> 3));
  return base + (base / 8) * (descriptor & 7);
}

/** Section 3.1.1.1.4. */
function contentSize(view: DataView, at: number, size: number): number {
  if (size === 1) return view.getUint8(at);
  if (size === 2) return view.getUint16(at, true) + 256;
  if (size === 4) return view.getUint32(at, true);
  return Number(view.getBigUint64(at, true));
}

/** Section 3.1.1.2. */
function endOfBlocks(view: DataView, start: number): number {
  for (let at = start; ; ) {
    const header = view.getUint16(at, true) | (view.getUint8(at + 2) << 16);
    at += BLOCK_HEADER_SIZE + (((header >>> 1) & 3) === RLE_BLOCK ? 1 : header >>> 3);
    if ((header & 1) !== 0) return at;
  }
}
