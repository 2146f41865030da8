import { codecNamed } from '../lzma/codec.js';
import type { SharedMemory } from '../model/codec.js';
import type { EncodedBlock } from '../xz/block.js';
import type { BlockEncoder, BlockToMake, Making } from './blockMaking.js';
import { makeShared } from './compressShared.js';

/** A Block that was not in the cache, and whoever waits for it. */
interface Waiting {
  readonly wanted: BlockToMake;
  readonly resolve: (block: EncodedBlock | Promise<EncodedBlock>) => void;
}

/**
 * Encodes Blocks side by side, but for the case that there are fewer than workers, as when one header has changed: then all
 * workers encode each of them together, where the codec can do that. The bytes are the same.
 *
 * Which it is shows with the first Blocks. Those of a whole window are looked up in the cache in one turn of the event loop,
 * so in the next it is known how many there are to encode. What was found then holds for all that follow: no pack needs
 * the memory for both ways. Where a server is asked as well, one miss says nothing of the others, and Blocks are encoded
 * side by side.
 *
 * @param blockSizeMax bytes of the largest Block
 * @param alone encodes a Block on one worker
 */
export function encodeFewTogether(blockSizeMax: number, making: Making, alone: BlockEncoder): BlockEncoder {
  const { sharing } = codecNamed(making.content.encoding.codec.name);
  const { pool, cache } = making;
  if (sharing === null || !cache.isPrompt) return alone;
  const waiting: Waiting[] = [];
  let together: BlockEncoder | null = null;
  let memory: SharedMemory | null = null;
  let isSettled = false;
  const settle = (): void => {
    isSettled = true;
    if (waiting.length < Math.min(pool.jobs, sharing.slicesOf(blockSizeMax))) {
      together = oneAfterTheOther(each => {
        memory ??= sharing.reserve(blockSizeMax, pool.jobs);
        return makeShared(each.input(), sharing, memory, { ...making, report: () => undefined });
      });
    }
    for (const { wanted, resolve } of waiting) resolve((together ?? alone)(wanted));
  };
  return wanted => {
    if (sharing.slicesOf(wanted.block.size) <= 1) return alone(wanted);
    if (isSettled) return (together ?? alone)(wanted);
    if (waiting.length === 0) setImmediate(settle);
    return new Promise(resolve => waiting.push({ wanted, resolve }));
  };
}

function oneAfterTheOther(encode: BlockEncoder): BlockEncoder {
  let last: Promise<unknown> = Promise.resolve();
  return wanted => {
    const block = last.then(() => encode(wanted));
    last = block.catch(() => undefined);
    return block;
  };
}
