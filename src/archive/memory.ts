import { largestOf } from '../bytes/largest.js';
import type { PlanOutline } from '../model/plan.js';
import type { CompressionSettings, PackSettings } from '../model/settings.js';
import { BLOCKS_PER_JOB, isShared } from './compress.js';

const MIB = 2 ** 20;
/** Node with our code loaded, and the young generations of their heaps: the main thread, and each worker. */
const MAIN_THREAD = 100 * MIB;
const WORKER = 24 * MIB;
/** What `cache/remote/remoteCache.ts` lets be under way. */
const UPLOADS = 32 * MIB;
/**
 * An entry of the plan with its file, their strings and stamp (600 bytes), and what has been let go of but not yet collected:
 * V8 may let a heap grow by half of what lives in it.
 */
const PLAN_ENTRY = 1024;
/**
 * The radix encoder: of each worker, and for each byte of the Block. It takes up to two more where most of a Block is made
 * of very few words, and next to nothing comes of such a Block.
 */
const RADIX_WORKER = 12 * MIB;
const RADIX_BYTES = 11;

/**
 * Bytes that a pack needs at most:
 *
 *     100 MiB + 1 KiB x entries
 *     + jobs x (24 MiB + encoder + 2 x block size + largest file)
 *     + 6 x jobs x block size
 *
 * where Blocks are encoded side by side, and where all workers share each Block
 *
 *     100 MiB + 1 KiB x entries
 *     + jobs x (24 MiB + 12 MiB + largest file)
 *     + (11 + 2) x block size
 *
 * and in both cases 32 MiB and a block size for what is on its way to a cache server, where there is one.
 *
 * encoder = 11.5 x dictionary size for the binary tree match finders and 7.5 x for the hash chains (liblzma), 11 x block
 * size + 12 MiB for radix. The last line is the window of finished Blocks, as if nothing could be compressed, or the
 * shared Block with its match table and what comes of it; headers need an eighth of it. Nothing in it grows with the tree
 * but the plan's entries.
 *
 * A tar has no plan. Its bytes that wait take a block size more. What follows its last entry is in Blocks of up to the codec's
 * largest size: of one that is over the block size, four times the size and the encoder's memory for it are needed beside.
 */
export function memoryBound(outline: PlanOutline, settings: PackSettings): number {
  const { content, execution } = settings;
  const largest = outline.largestFile;
  const uploads = execution.cache.remote === null ? 0 : UPLOADS + content.blockSize;
  const main = uploads + MAIN_THREAD + PLAN_ENTRY * outline.files.entries;
  if (isShared(content)) {
    const block = largestOf(outline.blocks.map(({ size }) => size));
    return main + execution.jobs * (WORKER + RADIX_WORKER + largest) + (RADIX_BYTES + 2) * block;
  }
  const worker = WORKER + encoderMemory(content) + 2 * content.blockSize + largest;
  const window = BLOCKS_PER_JOB * execution.jobs * content.blockSize;
  return main + execution.jobs * worker + window;
}

function encoderMemory({ blockSize, encoding }: CompressionSettings): number {
  const options = encoding.lzma2;
  if (options.matchFinder === 'radix') return RADIX_WORKER + RADIX_BYTES * blockSize;
  return options.dictionarySize * (options.matchFinder.startsWith('bt') ? 11.5 : 7.5);
}
