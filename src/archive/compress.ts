import { largestOf } from '../bytes/largest.js';
import { discard } from '../bytes/releasable.js';
import type { BlockCache } from '../cache/blockCache.js';
import { mapScheduled } from '../flow/mapScheduled.js';
import { mapWeighted } from '../flow/mapWeighted.js';
import { codecNamed } from '../lzma/codec.js';
import type { CompressionSettings, RunSettings } from '../model/settings.js';
import type { WorkerPool } from '../pool/pool.js';
import type { BlockInput } from '../pool/protocol.js';
import type { EncodedBlock } from '../xz/block.js';
import { type BlockToMake, blockEncoder, encodeAlone, type Making } from './blockMaking.js';
import { compressShared } from './compressShared.js';
import type { EarlyBlocks } from './early.js';
import { encodeFewTogether } from './fewBlocks.js';
import { outlined, plannedInputs } from './outline.js';
import { scheduleBlocks } from './schedule.js';
import type { Settled } from './settle.js';

/** Blocks under way or waiting for their turn, for each worker: see `memory.ts`. */
export const BLOCKS_PER_JOB = 6;

/**
 * From this block size on, a Block is shared by all workers where the codec can do that; smaller Blocks are encoded side
 * by side, unless there are too few of them (`fewBlocks.ts`). The bytes are the same.
 */
const SHARED_FROM = 8 * 2 ** 20;

/**
 * Takes the Blocks of a plan from the cache or encodes them on the workers, and gives them back in the plan's order. The
 * plan itself is made only if there is one to encode.
 *
 * @param early those that were begun before
 */
export function compressPlan(
  settled: Settled,
  content: CompressionSettings,
  run: RunSettings,
  pool: WorkerPool,
  cache: BlockCache,
  early?: EarlyBlocks,
): AsyncGenerator<EncodedBlock, void, undefined> {
  const { blocks, bytes } = settled.outline;
  let inputs: BlockInput[] | null = null;
  const inputAt = (index: number): BlockInput => {
    inputs ??= plannedInputs(settled.plan());
    const input = inputs[index];
    if (input === undefined) throw new RangeError(`No Block ${index} in the plan`);
    return input;
  };
  const making = { content, run, pool, cache, report: reporter(run, bytes.tar) };
  const wanted = blocks.map((block, index) => ({ block, input: () => inputAt(index), index }));
  const sizes = blocks.map(block => block.size);
  const largest = largestOf(sizes);
  if (isShared(content)) return compressShared(wanted, largest, making);
  const window = pool.jobs * BLOCKS_PER_JOB;
  const encode = blockEncoder(making, encodeFewTogether(largest, making, encodeAlone(making)));
  return mapScheduled(wanted, scheduleBlocks(sizes, window), window, async each => {
    const begun = early?.get(each.index);
    if (begun === undefined) return encode(each);
    const block = await begun;
    making.report(block.uncompressedSize);
    return block;
  });
}

/** Encodes Blocks as they come in and gives them back in order. */
export function compressStream(
  inputs: AsyncIterable<BlockInput>,
  content: CompressionSettings,
  run: RunSettings,
  totalBytes: number | null,
  pool: WorkerPool,
  cache: BlockCache,
): AsyncGenerator<EncodedBlock, void, undefined> {
  const making = { content, run, pool, cache, report: reporter(run, totalBytes) };
  const wanted = toMake(inputs, making);
  if (isShared(content)) return compressShared(wanted, content.blockSize, making);
  // What follows a tar's last entry may be a Block over the block size, and counts for as many.
  const weigh = ({ block }: BlockToMake): number => Math.max(1, block.size / content.blockSize);
  return mapWeighted(wanted, pool.jobs * BLOCKS_PER_JOB, weigh, blockEncoder(making, encodeAlone(making)));
}

/** Whether all workers encode each Block together. */
export function isShared(content: CompressionSettings): boolean {
  return content.blockSize >= SHARED_FROM && codecNamed(content.encoding.codec.name).sharing !== null;
}

async function* toMake(
  inputs: AsyncIterable<BlockInput>,
  { cache, content }: Making,
): AsyncGenerator<BlockToMake, void, undefined> {
  for await (const input of inputs) {
    yield {
      block: outlined(input, content.encoding, cache),
      input: () => input,
      discard: () => {
        if (input.kind === 'bytes') input.pieces.forEach(discard);
      },
    };
  }
}

function reporter(run: RunSettings, totalBytes: number | null): (bytes: number) => void {
  let done = 0;
  const report = (bytes: number): void => {
    done += bytes;
    run.onProgress({ stage: 'compress', bytes: Math.round(done), totalBytes });
  };
  report(0);
  return report;
}
