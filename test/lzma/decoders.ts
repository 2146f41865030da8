import { KheadersPackError } from '../../src/errors.js';
import { decoderModule, newBlockDecoder, RUN_SIZE } from '../../src/lzma/blockDecoder.js';
import { frame } from '../../src/lzma/chunk.js';
import { RawDecoder } from '../../src/lzma/rawDecoder.js';
import { PLACE } from '../xz/fault.js';

/** Whole LZMA2 data decoded by our decoder, and by liblzma: null where they say that the data are damaged. */
export type Decode = (lzma2: Uint8Array, dictionarySize: number) => Buffer | null;

const decoder = newBlockDecoder(decoderModule());

export const byOurs: Decode = (data, dictionarySize) =>
  unlessDamaged(() => {
    const runs = frame(data, RUN_SIZE, PLACE);
    const uncompressedSize = runs.reduce((sum, run) => sum + run.uncompressedSize, 0);
    if (decoder?.hasRoom(0, uncompressedSize) !== true) throw new RangeError(`No room for ${uncompressedSize} bytes`);
    return Buffer.concat([...decoder.decode({ data, runs, dictionarySize, place: PLACE }, 0)]);
  });

export const byLiblzma: Decode = (data, dictionarySize) =>
  unlessDamaged(() => {
    // Framed as ours are: what is wrong with chunks is found before anything is decoded.
    const runs = frame(data, RUN_SIZE, PLACE);
    const uncompressedSize = runs.reduce((sum, run) => sum + run.uncompressedSize, 0);
    const raw = new RawDecoder([{ kind: 'lzma2', dictionarySize }]);
    try {
      const pieces = raw.decode(data, PLACE);
      raw.requireEnd(data.length, uncompressedSize, PLACE);
      return Buffer.concat(pieces);
    } finally {
      raw.close();
    }
  });

function unlessDamaged(work: () => Buffer): Buffer | null {
  try {
    return work();
  } catch (error) {
    if (error instanceof KheadersPackError && error.code === 'E_BAD_XZ') return null;
    throw error;
  }
}
