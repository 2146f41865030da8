import { oneOf, ShapeError, whole } from '../../bytes/jsonShape.js';
import { BLOCK_SIZE_MAX, BLOCK_SIZE_MIN, CODEC_NAMES, codecNamed } from '../../lzma/codec.js';
import type { CodecId, CompressionSettings } from '../../model/settings.js';
import { dialectOf, LC_LP_MAX, NICE_LENGTH_MAX, niceLengthMin } from '../../settings/lzma2.js';
import { DICTIONARY_SIZE_MAX, DICTIONARY_SIZE_MIN, roundDictionarySize } from '../../xz/lzma2Filter.js';

const CODECS = CODEC_NAMES.map(codecNamed);

/**
 * Takes only what pack's options could have said: a tree is cut and encoded by it. Of a codec that is not here, or in
 * another version, no more is known than what holds for all.
 *
 * @throws ShapeError
 */
export function requireCompression({ blockSize, encoding }: CompressionSettings, at: string): void {
  const { codec: id, lzma2 } = encoding;
  const inLzma2 = `${at}.encoding.lzma2`;
  const codec = CODECS.find(each => isSame(each.id, id));
  whole(BLOCK_SIZE_MIN, codec?.blockSize.max ?? BLOCK_SIZE_MAX)(blockSize, `${at}.blockSize`);
  const dialect = codec === undefined ? null : dialectOf(id.name);
  const { dictionarySize, lc, lp } = lzma2;
  const dictionarySizeMax = dialect?.dictionarySizeMax ?? DICTIONARY_SIZE_MAX;
  whole(DICTIONARY_SIZE_MIN, dictionarySizeMax)(dictionarySize, `${inLzma2}.dictionarySize`);
  if (roundDictionarySize(dictionarySize) !== dictionarySize) {
    throw new ShapeError(`${inLzma2}.dictionarySize: expected 2^n or 2^n + 2^(n-1), found ${dictionarySize}`);
  }
  if (lc + lp > LC_LP_MAX) throw new ShapeError(`${inLzma2}.lp: expected lc + lp of at most ${LC_LP_MAX}`);
  if (dialect === null) return;
  oneOf(...dialect.modes)(lzma2.mode, `${inLzma2}.mode`);
  const finder = oneOf(...dialect.finders)(lzma2.matchFinder, `${inLzma2}.matchFinder`);
  whole(niceLengthMin(finder), NICE_LENGTH_MAX)(lzma2.niceLength, `${inLzma2}.niceLength`);
  whole(0, dialect.depthMax)(lzma2.depth, `${inLzma2}.depth`);
}

function isSame(a: CodecId, b: CodecId): boolean {
  return a.name === b.name && a.version === b.version;
}
