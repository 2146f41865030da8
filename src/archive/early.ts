import type { BlockCache } from '../cache/blockCache.js';
import type { PlannedBlock } from '../model/plan.js';
import type { ContentSettings, RunSettings } from '../model/settings.js';
import type { Planner } from '../plan/plan.js';
import type { WorkerPool } from '../pool/pool.js';
import type { EncodedBlock } from '../xz/block.js';
import { type BlockEncoder, blockEncoder, encodeAlone } from './blockMaking.js';
import { entriesInput, outlined } from './outline.js';

/** Below this many Blocks for each worker, all of them are left to be scheduled (`schedule.ts`). */
const BLOCKS_PER_JOB_MIN = 2;

/**
 * The first Blocks, encoded while later files are still being read. Without them a worker stands idle when phase 1 ends
 * before the other's last batch, and the start of every worker, while its code is slow, is paid for by all at once. One worker
 * in two begins to encode as soon as there is a Block.
 *
 * A Block is what it is whenever it is encoded: this decides how long a pack takes, and nothing else.
 */
export class EarlyBlocks {
  readonly #content: ContentSettings;
  readonly #jobs: number;
  readonly #cache: BlockCache;
  readonly #encode: BlockEncoder;
  readonly #started = new Map<number, Promise<EncodedBlock>>();
  #limit = 0;
  #seen = 0;

  constructor(content: ContentSettings, run: RunSettings, pool: WorkerPool, cache: BlockCache) {
    this.#content = content;
    this.#jobs = pool.jobs;
    this.#cache = cache;
    const making = { content, run, pool, cache, report: () => undefined };
    this.#encode = blockEncoder(making, encodeAlone(making));
  }

  /** @param bytes of the files that will be read, as they are on disk */
  expect(bytes: number): void {
    const blocks = bytes / this.#content.blockSize;
    this.#limit = blocks < BLOCKS_PER_JOB_MIN * this.#jobs ? 0 : Math.floor(this.#jobs / 2);
  }

  /** Takes the Blocks that are settled, the next ones in order. */
  offer(blocks: readonly PlannedBlock[], planner: Planner): void {
    const { encoding, mtime } = this.#content;
    for (const block of blocks) {
      const index = this.#seen++;
      if (index >= this.#limit) continue;
      const input = entriesInput(block, planner.entriesOf(block), mtime);
      const call = this.#encode({ block: outlined(input, encoding, this.#cache), input: () => input });
      // A rejection may come long before its turn; until then it must not count as unhandled.
      call.catch(() => undefined);
      this.#started.set(index, call);
    }
  }

  /** The Block of an index, where it was begun. */
  get(index: number): Promise<EncodedBlock> | undefined {
    return this.#started.get(index);
  }
}
