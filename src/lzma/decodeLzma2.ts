import { loadLzmaNative } from './native.js';

// Control bytes of LZMA2 chunks (xz's lzma2_encoder.c, "LZMA2 chunk").
const END = 0x00;
const UNCOMPRESSED_LAST = 0x02;
const LZMA_FIRST = 0x80;
const LZMA_WITH_PROPERTIES = 0xc0;
const OUTPUT_STEP_SIZE = 2 ** 18;

/**
 * Decodes LZMA2 data, end marker included.
 *
 * What the chunks say they decode to is added up first, so that nothing is decoded that is longer than expected.
 *
 * @param size what has to come out, in bytes
 * @returns the output in pieces; null where the data are damaged, or decode to another size
 */
export function decodeLzma2(data: Uint8Array, dictionarySize: number, size: number): readonly Uint8Array[] | null {
  if (statedSize(data) !== size) return null;
  const native = loadLzmaNative();
  const stream = new native.Stream();
  const pieces: Uint8Array[] = [];
  let failed = false;
  stream.bufferHandler = (output, _taken, error) => {
    if (error) failed = true;
    if (output) pieces.push(output);
  };
  try {
    stream.setBufsize(OUTPUT_STEP_SIZE);
    stream.rawDecoder({ filters: [{ id: native.FILTER_LZMA2, options: { dictSize: dictionarySize } }] });
    stream.code(data, false);
  } finally {
    stream.resetUnderlying();
  }
  const total = pieces.reduce((sum, piece) => sum + piece.length, 0);
  return failed || total !== size ? null : pieces;
}

/** Bytes that the chunks say they decode to; null where the data do not end with the end marker. */
function statedSize(data: Uint8Array): number | null {
  let total = 0;
  let at = 0;
  while (at < data.length) {
    const control = data[at] ?? 0;
    const [high = 0, low = 0, packedHigh = 0, packedLow = 0] = data.subarray(at + 1, at + 5);
    if (control === END) return at + 1 === data.length ? total : null;
    if (control >= LZMA_FIRST) {
      total += (control & 0x1f) * 2 ** 16 + high * 256 + low + 1;
      at += (control >= LZMA_WITH_PROPERTIES ? 6 : 5) + packedHigh * 256 + packedLow + 1;
    } else if (control <= UNCOMPRESSED_LAST) {
      total += high * 256 + low + 1;
      at += 3 + high * 256 + low + 1;
    } else {
      return null;
    }
  }
  return null;
}
