import { badXz, type Place } from '../errors.js';
import type { BranchFilter, Coder } from '../model/coder.js';
import { liblzmaFailed, loadLiblzma } from './liblzma.js';
import type { NativeFilter, NativeStream } from './native.js';

/** Bytes of a piece of output. They are decoded in the processor's cache, and few enough to be called for. */
const OUTPUT_SIZE = 2 ** 16;

/**
 * A raw decoder: LZMA2 data, and the filters before it, without any container. liblzma decodes; what it is given was
 * framed by us (`chunk.ts`), so that each call's output is known beforehand and bounded.
 *
 * liblzma copies its input and its output. It needs the dictionary and some 100 KiB; both are let go by `close`.
 */
export class RawDecoder {
  readonly #stream: NativeStream;
  /** The call under way. */
  #pieces: Uint8Array[] = [];
  #failure: Error | null = null;
  #settle: () => void = () => undefined;
  #hasEnded = false;
  #totalIn = 0;
  #totalOut = 0;

  /** @param chain the Block's filters in the encoder's order, with the dictionary as large as memory is to be */
  constructor(chain: readonly Coder[]) {
    const native = loadLiblzma();
    this.#stream = new native.Stream();
    this.#stream.bufferHandler = (output, taken, error, totalIn, totalOut) => {
      if (output) this.#pieces.push(output);
      if (output === null && !error) this.#hasEnded = true;
      if (error) this.#failure = error;
      this.#totalIn = totalIn ?? 0;
      this.#totalOut = totalOut ?? 0;
      if (taken !== undefined) this.#settle();
    };
    this.#stream.setBufsize(OUTPUT_SIZE);
    try {
      this.#stream.rawDecoder_(chain.map(nativeFilter));
    } catch (error) {
      this.close();
      throw liblzmaFailed(error instanceof Error ? error : new Error(String(error)));
    }
  }

  /**
   * Checks that the end marker was decoded, as the last of `totalIn` bytes, and that they gave `totalOut`.
   *
   * @param place where the LZMA2 data begin
   */
  requireEnd(totalIn: number, totalOut: number, place: Place): void {
    if (this.#hasEnded && this.#totalIn === totalIn && this.#totalOut === totalOut) return;
    throw badXz(place, 'the LZMA2 data do not end where their chunks say');
  }

  /**
   * Decodes the next piece at once.
   *
   * @param input whole LZMA2 chunks
   * @param place where `input` begins, for messages
   * @returns the output, in buffers of its own
   */
  decode(input: Uint8Array, place: Place): readonly Uint8Array[] {
    this.#pieces = [];
    this.#stream.code(input, false);
    return this.#end(place);
  }

  /** As `decode`, on a thread of libuv's. One call at a time, and none after one that has failed. */
  async decodeInBackground(input: Uint8Array, place: Place): Promise<readonly Uint8Array[]> {
    this.#pieces = [];
    await new Promise<void>(resolve => {
      this.#settle = resolve;
      this.#stream.code(input, true);
    });
    return this.#end(place);
  }

  /** Frees the memory; waits for a call under way. */
  close(): void {
    this.#stream.resetUnderlying();
  }

  #end(place: Place): readonly Uint8Array[] {
    const pieces = this.#pieces;
    this.#pieces = [];
    if (this.#failure === null) return pieces;
    if (isDamage(this.#failure)) throw badXz(place, 'the LZMA2 data are damaged');
    throw liblzmaFailed(this.#failure);
  }
}

/** liblzma's verdicts that are about the data (`lzma_ret`). */
function isDamage(error: Error): boolean {
  return error.name === 'LZMA_DATA_ERROR' || error.name === 'LZMA_BUF_ERROR' || error.name === 'LZMA_FORMAT_ERROR';
}

const BRANCH_FILTER_NAMES: Readonly<Record<BranchFilter, string>> = {
  x86: 'LZMA_FILTER_X86',
  powerpc: 'LZMA_FILTER_POWERPC',
  ia64: 'LZMA_FILTER_IA64',
  arm: 'LZMA_FILTER_ARM',
  armthumb: 'LZMA_FILTER_ARMTHUMB',
  sparc: 'LZMA_FILTER_SPARC',
};

function nativeFilter(coder: Coder): NativeFilter {
  switch (coder.kind) {
    case 'lzma2':
      return { id: 'LZMA_FILTER_LZMA2', options: { dictSize: coder.dictionarySize } };
    case 'delta':
      return { id: 'LZMA_FILTER_DELTA', options: { dist: coder.distance } };
    default:
      return { id: BRANCH_FILTER_NAMES[coder.kind] };
  }
}
