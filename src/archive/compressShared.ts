import { layOut } from '../bytes/pieces.js';
import { discard } from '../bytes/releasable.js';
import { mapOrdered } from '../flow/mapOrdered.js';
import { slots } from '../flow/slots.js';
import { codecNamed } from '../lzma/codec.js';
import type { SharedBlock, SharedMemory, Sharing } from '../model/codec.js';
import type { EncodingSettings } from '../model/settings.js';
import type { BlockInput, SharedWork } from '../pool/protocol.js';
import { assembleBlock, type EncodedBlock } from '../xz/block.js';
import { CHECKS } from '../xz/check.js';
import { type BlockToMake, fromCache, type Making, requireRunning } from './blockMaking.js';
import { sizeOf } from './outline.js';
import { partsOf } from './parts.js';

/**
 * Encodes large Blocks one after the other, each by all workers together: its bytes, every step of the codec's
 * preparation, its slices. Between these, every worker waits for the last, so each is cut into many small pieces. The
 * next Block begins when the last slice of this one is done: at most a slice's time is lost (a tenth of a second), and
 * there is memory for one Block alone. The Check is one piece of work among the slices.
 *
 * @param blockSizeMax bytes of the largest Block that is shared
 */
export async function* compressShared(
  wanted: Iterable<BlockToMake> | AsyncIterable<BlockToMake>,
  blockSizeMax: number,
  making: Making,
): AsyncGenerator<EncodedBlock, void, undefined> {
  const { content, pool, report } = making;
  const sharing = sharingOf(content.encoding);
  let memory: SharedMemory | null = null;
  for await (const each of wanted) {
    let isMade = false;
    const block = await fromCache(each, making, () => {
      isMade = true;
      memory ??= sharing.reserve(blockSizeMax, pool.jobs);
      return makeShared(each.input(), sharing, memory, making);
    });
    if (!isMade) report(block.uncompressedSize);
    yield block;
  }
}

/** Encodes a Block by all workers together, or by as many at a time as the memory has places. */
export async function makeShared(
  input: BlockInput,
  sharing: Sharing,
  memory: SharedMemory,
  { content: { encoding }, run, pool, report }: Making,
): Promise<EncodedBlock> {
  const size = sizeOf(input);
  // Only what follows a tar's last entry is ever larger than the largest Block.
  if (sharing.slicesOf(size) <= 1 || size > memory.blockSizeMax) {
    const block = await run.slots.run(() => pool.encode({ kind: 'encode', input, encoding }));
    report(size);
    return block;
  }
  const block = sharing.begin(memory, size);
  const { workers } = memory;
  const places = slots(workers);
  const work = (piece: SharedWork): Promise<Uint8Array> => {
    requireRunning(run);
    return places.run(place => {
      return run.slots.run(() => pool.share({ kind: 'shared', block, encoding, work: piece, place }));
    });
  };
  await fill(input, sharing, block, work, workers);
  for (let step = 0; step < sharing.steps; step++) {
    await all(
      Array.from({ length: workers }, () => ({ kind: 'prepare', step }) as const),
      workers,
      work,
    );
  }
  return encode(block, sharing, encoding, work, workers, report);
}

function sharingOf(encoding: EncodingSettings): Sharing {
  const { sharing } = codecNamed(encoding.codec.name);
  if (sharing === null) throw new RangeError(`Codec ${encoding.codec.name} does not share Blocks`);
  return sharing;
}

type Work = (piece: SharedWork) => Promise<Uint8Array>;

async function fill(
  input: BlockInput,
  sharing: Sharing,
  block: SharedBlock,
  work: Work,
  workers: number,
): Promise<void> {
  if (input.kind === 'entries') {
    const pieces = partsOf(input).map(({ at, part }): SharedWork => ({ kind: 'fill', at, part }));
    await all(pieces, workers, work);
    return;
  }
  const bytes = sharing.bytesOf(block);
  if (input.kind === 'zeros') bytes.fill(0);
  else layOut(input.pieces, bytes);
}

async function encode(
  block: SharedBlock,
  sharing: Sharing,
  encoding: EncodingSettings,
  work: Work,
  workers: number,
  onSlice: (bytes: number) => void,
): Promise<EncodedBlock> {
  const slices = sharing.slicesOf(block.size);
  const pieces: SharedWork[] = Array.from({ length: slices }, (_, index) => ({ kind: 'slice', index }));
  const [checkValue = new Uint8Array(0), ...lzma2] = await all([{ kind: 'check' }, ...pieces], workers, async piece => {
    const bytes = await work(piece);
    if (piece.kind === 'slice') onSlice(block.size / slices);
    return bytes;
  });
  const assembled = assembleBlock({
    lzma2: [...lzma2, sharing.endMarker],
    dictionarySize: encoding.lzma2.dictionarySize,
    uncompressedSize: block.size,
    check: CHECKS[encoding.check],
    checkValue,
  });
  lzma2.forEach(discard);
  return assembled;
}

/** Two pieces for each worker are under way, so that none waits for the main thread. */
async function all(pieces: readonly SharedWork[], workers: number, work: Work): Promise<Uint8Array[]> {
  const results: Uint8Array[] = [];
  for await (const result of mapOrdered(pieces, 2 * workers, work)) results.push(result);
  return results;
}
