import { badXz, type Place, placeAfter } from '../errors.js';

/**
 * LZMA2 chunks: what an LZMA2 encoder's output is made of. Each states its sizes, so the end of LZMA2 data and the
 * number of bytes they decode to are found without decoding them.
 *
 * The first byte of a chunk, its control byte, says what it is:
 *
 *     0x00          the end marker
 *     0x01, 0x02    bytes as they are, with (0x01) or without a reset of the dictionary
 *     0x80 to 0xFF  LZMA; bits 5 and 6 say what is reset, bits 0 to 4 are the uncompressed size's highest
 *
 * All else is invalid. Sizes follow, stored as one less, most significant byte first; then, where the state is reset
 * with new properties, the properties' byte.
 */
const END_MARKER = 0x00;
const STORED_RESET = 0x01;
const STORED = 0x02;
const LZMA_MIN = 0x80;
const PROPERTIES_MIN = 0xc0;
const DICTIONARY_RESET_MIN = 0xe0;
const SIZE_HIGH_MASK = 0x1f;

const END_MARKER_SIZE = 1;
const STORED_HEADER_SIZE = 3;
const LZMA_HEADER_SIZE = 5;

/** The most bytes that a chunk's header takes, its properties included. */
export const CHUNK_HEADER_MAX = 6;

/** Bytes of the header of the chunk that begins with this control byte: 1 to 6. */
export function chunkHeaderSize(control: number): number {
  if (control >= PROPERTIES_MIN) return LZMA_HEADER_SIZE + 1;
  if (control >= LZMA_MIN) return LZMA_HEADER_SIZE;
  return control === END_MARKER ? END_MARKER_SIZE : STORED_HEADER_SIZE;
}

/** A chunk by its sizes, in bytes. */
export interface Chunk {
  /** From its control byte to its end. */
  readonly size: number;
  readonly uncompressedSize: number;
}

/** Reads the headers of the chunks of one LZMA2 encoder's output, one after the other. */
export class ChunkReader {
  #needsDictionaryReset = true;
  #needsProperties = true;

  /**
   * The chunk that `header` begins, or null at the end marker.
   *
   * @param header `CHUNK_HEADER_MAX` bytes, or what there is
   * @param place the control byte's
   * @throws KheadersPackError `E_BAD_XZ` where the chunk cannot stand there, or the header is cut short
   */
  next(header: Uint8Array, place: Place): Chunk | null {
    const [control, size1 = 0, size2 = 0, size3 = 0, size4 = 0] = header;
    if (control === END_MARKER) return null;
    const headerSize = control === undefined ? 1 : chunkHeaderSize(control);
    if (control === undefined || header.length < headerSize) {
      throw badXz(place, 'the LZMA2 data end before their end marker');
    }
    this.#require(control, place);
    if (control < LZMA_MIN) {
      const content = ((size1 << 8) | size2) + 1;
      return { size: headerSize + content, uncompressedSize: content };
    }
    return {
      size: headerSize + ((size3 << 8) | size4) + 1,
      uncompressedSize: (((control & SIZE_HIGH_MASK) << 16) | (size1 << 8) | size2) + 1,
    };
  }

  /** Checks that a chunk may stand here: what it builds on was set before it. */
  #require(control: number, place: Place): void {
    if (control > STORED && control < LZMA_MIN)
      throw badXz(place, `LZMA2 control byte 0x${control.toString(16)} is invalid`);
    if (control >= DICTIONARY_RESET_MIN || control === STORED_RESET) {
      this.#needsDictionaryReset = false;
      this.#needsProperties = true;
    }
    if (this.#needsDictionaryReset) throw badXz(place, 'the first LZMA2 chunk does not reset the dictionary');
    if (control < LZMA_MIN) return;
    if (control >= PROPERTIES_MIN) this.#needsProperties = false;
    if (this.#needsProperties) throw badXz(place, 'an LZMA2 chunk relies on properties that were never set');
  }
}

/** Chunks that follow each other and are decoded together. */
export interface Run {
  /** Where they lie in the LZMA2 data; the end marker belongs to the last run. */
  readonly from: number;
  readonly to: number;
  readonly uncompressedSize: number;
}

/**
 * Cuts LZMA2 data that are all there into runs of chunks.
 *
 * @param runSize bytes that a run takes and gives, at most, unless a single chunk does more
 * @param place where `data` begin
 * @throws KheadersPackError `E_BAD_XZ` unless the end marker is the last byte
 */
export function frame(data: Uint8Array, runSize: number, place: Place): Run[] {
  const reader = new ChunkReader();
  const runs: Run[] = [];
  let run: Run = { from: 0, to: 0, uncompressedSize: 0 };
  for (;;) {
    const here = placeAfter(place, run.to);
    const chunk = reader.next(data.subarray(run.to, run.to + CHUNK_HEADER_MAX), here);
    if (chunk === null) break;
    if (run.to + chunk.size > data.length) throw badXz(here, 'the LZMA2 data end inside a chunk');
    const to = run.to + chunk.size;
    if (
      to - run.from > chunk.size &&
      Math.max(to - run.from, run.uncompressedSize + chunk.uncompressedSize) > runSize
    ) {
      runs.push(run);
      run = { from: run.to, to: run.to, uncompressedSize: 0 };
    }
    run = { from: run.from, to, uncompressedSize: run.uncompressedSize + chunk.uncompressedSize };
  }
  const end = run.to + END_MARKER_SIZE;
  if (end !== data.length) throw badXz(placeAfter(place, end), 'the LZMA2 data end before the Compressed Data');
  return [...runs, { ...run, to: end }];
}
