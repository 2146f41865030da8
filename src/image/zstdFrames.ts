/**
 * As much of Zstandard's frames (RFC 8878, section 3.1) as it takes to know what memory they ask for, and what the decoder
 * leaves out.
 */
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

export interface Frame {
  /** All of it, for the decoder. */
  readonly bytes: Uint8Array;
  /** In bytes: a decoder holds so much of what it has decoded, and ours takes it at once, whatever the data come to. */
  readonly window: number;
  /** The lower 32 bits of the content's XXH64 (section 3.1.1), or null where there is none. */
  readonly checksum: number | null;
}

/**
 * Frames are followed as far as they are any, and what is left counts as one more: what is wrong with it the decoder finds
 * out. Skippable ones have no window.
 */
export function* framesOf(data: Uint8Array): Generator<Frame, void, undefined> {
  for (let at = 0; at < data.length; ) {
    const frame = firstFrame(data.subarray(at));
    yield frame;
    at += frame.bytes.length;
  }
}

function firstFrame(data: Uint8Array): Frame {
  const view = new DataView(data.buffer, data.byteOffset, data.length);
  let window = 0;
  try {
    const magic = view.getUint32(0, true);
    if (magic >>> 4 === SKIPPABLE_MAGIC) {
      const size = MAGIC_SIZE + SKIPPABLE_SIZE + view.getUint32(MAGIC_SIZE, true);
      return { bytes: data.subarray(0, size), window, checksum: null };
    }
    if (magic === MAGIC) {
      const header = frameHeader(view, MAGIC_SIZE);
      window = header.window;
      const end = endOfBlocks(view, header.end);
      if (!header.hasChecksum) return { bytes: data.subarray(0, end), window, checksum: null };
      return { bytes: data.subarray(0, end + CHECKSUM_SIZE), window, checksum: view.getUint32(end, true) };
    }
  } catch (error) {
    // The data end inside a frame.
    if (!(error instanceof RangeError)) throw error;
  }
  return { bytes: data, window, checksum: null };
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
