import { badXz, KheadersPackError, type Place, placeAfter } from '../../errors.js';
import { ChunkReader, chunkHeaderSize } from '../../lzma/chunk.js';
import { decoderMemory, fitDictionary } from '../../lzma/decoderMemory.js';
import { RawDecoder } from '../../lzma/rawDecoder.js';
import { roundUp4 } from '../../xz/alignment.js';
import { blockHeaderSize, decodeBlockHeader } from '../../xz/blockHeader.js';
import { requireBlockPadding, requireStated } from '../../xz/blockSizes.js';
import { checkOfId, checkSizeOf, requireCheck } from '../../xz/check.js';
import { decodeFilterChain } from '../../xz/filterChain.js';
import type { LargeBlock } from './blockSupply.js';
import type { ByteReader } from './byteReader.js';
import { requireMemory, STEPS_MEMORY } from './memory.js';

/** Chunks are decoded together until they take or give this many bytes; the last of them may pass it. */
const STEP_SIZE = 2 ** 20;

/** LZMA2 chunks that are decoded together. */
interface Step {
  readonly place: Place;
  readonly input: Uint8Array;
  readonly uncompressedSize: number;
}

/**
 * Decodes a Block that is too large to be held, in steps whose size depends on nothing. One step is decoded on a thread
 * of libuv's while this one checks, and the caller works on, what the step before gave. The Check is compared at the end,
 * when the content is already with the caller.
 *
 * @throws KheadersPackError `E_BAD_XZ`, `E_UNSUPPORTED_XZ`, `E_MEMORY_LIMIT`, `E_ABORTED`
 */
export async function* decodeInSteps(
  block: LargeBlock,
  memoryLimit: number,
  signal: AbortSignal,
): AsyncGenerator<Uint8Array, void, undefined> {
  const { reader, checkId } = block;
  const { place } = reader;
  await reader.need(1, 'a Block');
  const headerSize = blockHeaderSize(reader.view(0, 1)[0] ?? 0);
  if (headerSize === 0) throw badXz(place, 'a Block does not begin with a Block Header');
  await reader.need(headerSize, 'a Block Header');
  const header = decodeBlockHeader(reader.view(0, headerSize), place);
  if (block.uncompressedSize !== null) {
    requireStated(header.uncompressedSize, block.uncompressedSize, 'Uncompressed Size', place);
  }
  const stated = block.uncompressedSize ?? header.uncompressedSize;
  const whole = decodeFilterChain(header.filters, place);
  const chain = stated === null ? whole : fitDictionary(whole, stated);
  requireMemory(place.path, decoderMemory(chain) + STEPS_MEMORY, memoryLimit);
  reader.skip(headerSize);

  const check = checkOfId(checkId)?.start(null);
  const decoder = new RawDecoder(chain);
  const dataPlace = reader.place;
  let compressedSize = 0;
  let uncompressedSize = 0;
  let before: readonly Uint8Array[] = [];
  let decoding: Promise<readonly Uint8Array[]> = Promise.resolve(before);
  try {
    for await (const step of stepsOf(reader)) {
      if (signal.aborted) throw new KheadersPackError('E_ABORTED', {});
      compressedSize += step.input.length;
      uncompressedSize += step.uncompressedSize;
      if (stated !== null && uncompressedSize > stated)
        throw badXz(dataPlace, `a Block decodes to more than ${stated} bytes`);
      decoding = decoder.decodeInBackground(step.input, step.place);
      // It may fail while the caller works on the step before; until it is waited for, that must not count as unhandled.
      decoding.catch(() => undefined);
      for (const piece of before) {
        check?.update(piece);
        yield piece;
      }
      before = await decoding;
    }
    for (const piece of before) {
      check?.update(piece);
      yield piece;
    }
    decoder.requireEnd(compressedSize, uncompressedSize, dataPlace);
  } finally {
    await decoding.catch(() => undefined);
    decoder.close();
  }
  requireStated(header.compressedSize, compressedSize, 'Compressed Size', place);
  requireStated(header.uncompressedSize, uncompressedSize, 'Uncompressed Size', place);
  await requireTail(reader, headerSize + compressedSize, checkSizeOf(checkId), check?.value() ?? null);
  block.accept({ unpaddedSize: headerSize + compressedSize + checkSizeOf(checkId), uncompressedSize });
}

/** The chunks up to the end marker. */
async function* stepsOf(reader: ByteReader): AsyncGenerator<Step, void, undefined> {
  const chunks = new ChunkReader();
  for (let isLast = false; !isLast; ) {
    let size = 0;
    let uncompressedSize = 0;
    while (!isLast && Math.max(size, uncompressedSize) < STEP_SIZE) {
      await reader.need(size + 1, 'a Block');
      const headerSize = chunkHeaderSize(reader.view(size, 1)[0] ?? 0);
      await reader.need(size + headerSize, 'a Block');
      const chunk = chunks.next(reader.view(size, headerSize), placeAfter(reader.place, size));
      isLast = chunk === null;
      size += chunk?.size ?? headerSize;
      uncompressedSize += chunk?.uncompressedSize ?? 0;
      await reader.need(size, 'a Block');
    }
    const { place } = reader;
    yield { place, input: reader.take(size), uncompressedSize };
  }
}

/** Block Padding and Check (sections 3.3 and 3.4). */
async function requireTail(
  reader: ByteReader,
  unpadded: number,
  checkSize: number,
  computed: Uint8Array | null,
): Promise<void> {
  const padding = roundUp4(unpadded) - unpadded;
  await reader.need(padding + checkSize, 'a Block');
  requireBlockPadding(reader.view(0, padding), reader.place);
  reader.skip(padding);
  if (computed !== null) requireCheck(computed, reader.view(0, checkSize), reader.place);
  reader.skip(checkSize);
}
