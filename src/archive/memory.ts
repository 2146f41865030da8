import type { Lzma2Options } from '../model/lzma2.js';
import type { PlanOutline } from '../model/plan.js';
import type { PackSettings } from '../model/settings.js';
import { BLOCKS_PER_JOB } from './compress.js';

const MIB = 2 ** 20;
/** Node with our code loaded, in the main thread and in each worker. */
const MAIN_THREAD = 64 * MIB;
const WORKER = 24 * MIB;
/** What `cache/remote/remoteCache.ts` lets be under way. */
const UPLOADS = 32 * MIB;
/** An entry of the plan with its strings, the sorted copies and its share of the tasks under way. */
const PLAN_ENTRY = 2048;

/**
 * Bytes that a pack needs at most:
 *
 *     64 MiB + 2 KiB x entries
 *     + jobs x (24 MiB + encoder + 2 x block size + largest file)
 *     + 6 x jobs x block size
 *     + 32 MiB and a block size on their way to a cache server, where there is one
 *
 * with encoder = 11.5 x dictionary size for the binary tree match finders and 7.5 x for the hash chains (liblzma). The
 * last line is the window of finished Blocks, as if nothing could be compressed; headers need an eighth of it. Nothing
 * in it grows with the tree but the plan's entries.
 */
export function memoryBound(outline: PlanOutline, settings: PackSettings): number {
  const { content, execution } = settings;
  const worker = WORKER + encoderMemory(content.encoding.lzma2) + 2 * content.blockSize + outline.largestFile;
  const window = BLOCKS_PER_JOB * execution.jobs * content.blockSize;
  const uploads = execution.cache.remote === null ? 0 : UPLOADS + content.blockSize;
  return uploads + MAIN_THREAD + PLAN_ENTRY * outline.files.entries + execution.jobs * worker + window;
}

function encoderMemory(options: Lzma2Options): number {
  return options.dictionarySize * (options.matchFinder.startsWith('bt') ? 11.5 : 7.5);
}
