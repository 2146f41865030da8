import { KheadersPackError } from '../errors.js';
import type { Codec } from '../model/codec.js';
import type { Lzma2Options } from '../model/lzma2.js';
import { liblzmaBuild } from './build.js';
import { type LzmaNative, loadLzmaNative } from './native.js';

/** The liblzma inside lzma-native 8.0.6, which is pinned. */
const VERSION = '5.2.3';

/**
 * Input is handed over in steps of this many bytes. A worker can be stopped between two of them, so a signal never
 * waits for a whole Block. The bytes made do not depend on it (a test shows it).
 */
const STEP_SIZE = 2 ** 18;
const OUTPUT_STEP_SIZE = 2 ** 18;

export const liblzma: Codec = {
  id: { name: 'liblzma', version: VERSION },
  build: liblzmaBuild,
  blockSize: { default: 4 * 2 ** 20, max: 2 ** 30 },
  // It leaves room for one more look-ahead of 4097 bytes (`LOOP_INPUT_MAX`, lzma_encoder.c), then looks after each symbol.
  fullChunk: { min: 61_439, max: 61_502 },
  encode: (input, options) => encodeInSteps(input, options, STEP_SIZE),
  sharing: null,
};

/** @throws KheadersPackError `E_CODEC` when liblzma refuses the options or runs out of memory */
export function encodeInSteps(input: Uint8Array, options: Lzma2Options, stepSize: number): readonly Uint8Array[] {
  const native = loadLiblzma();
  const stream = new native.Stream();
  const pieces: Buffer[] = [];
  let failure: Error | null = null;
  stream.bufferHandler = (output, _taken, error) => {
    if (error) failure = error;
    if (output) pieces.push(output);
  };
  try {
    stream.rawEncoder_([{ id: native.FILTER_LZMA2, options: nativeOptions(native, options) }]);
    stream.setBufsize(OUTPUT_STEP_SIZE);
    for (let at = 0; at < input.length && failure === null; at += stepSize) {
      stream.code(input.subarray(at, at + stepSize), false);
    }
    if (failure === null) stream.code(null, false);
  } catch (error) {
    failure = error instanceof Error ? error : new Error(String(error));
  } finally {
    stream.resetUnderlying();
  }
  if (failure !== null) throw liblzmaFailed(failure);
  return pieces;
}

/** Every option is named and `preset` never is: it would silently override the others. */
function nativeOptions(native: LzmaNative, options: Lzma2Options): Record<string, number> {
  const finders = {
    hc3: native.MF_HC3,
    hc4: native.MF_HC4,
    bt2: native.MF_BT2,
    bt3: native.MF_BT3,
    bt4: native.MF_BT4,
  };
  return {
    dictSize: options.dictionarySize,
    lc: options.lc,
    lp: options.lp,
    pb: options.pb,
    mode: options.mode === 'fast' ? native.MODE_FAST : native.MODE_NORMAL,
    niceLen: options.niceLength,
    mf: finders[options.matchFinder as keyof typeof finders],
    depth: options.depth,
  };
}

let loaded: LzmaNative | undefined;

/** The library; its version decides bytes, so another one than the pinned is refused. */
export function loadLiblzma(): LzmaNative {
  loaded ??= checked();
  return loaded;
}

function checked(): LzmaNative {
  const native = attempt(loadLzmaNative);
  const found = native.versionString();
  if (found === VERSION) return native;
  throw liblzmaFailed(new Error(`liblzma ${found} is installed, ${VERSION} is needed for the bytes to be the same`));
}

function attempt(load: () => LzmaNative): LzmaNative {
  try {
    return load();
  } catch (error) {
    throw liblzmaFailed(error instanceof Error ? error : new Error(String(error)));
  }
}

/** liblzma cannot do its work here, for a reason that lies not in the data. */
export function liblzmaFailed(cause: Error): KheadersPackError {
  const facts = { codec: `liblzma/${VERSION}`, reason: cause.message.split('\n')[0] ?? '' };
  return new KheadersPackError('E_CODEC', facts, { cause });
}
