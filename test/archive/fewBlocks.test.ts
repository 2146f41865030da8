import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { type BlockToMake, encodeAlone, type Making } from '../../src/archive/blockMaking.js';
import { encodeFewTogether } from '../../src/archive/fewBlocks.js';
import { PackCache } from '../../src/cache/packCache.js';
import { codecNamed } from '../../src/lzma/codec.js';
import { withPool } from '../../src/pool/pool.js';
import type { BlockInput, Task } from '../../src/pool/protocol.js';
import { resolveSettings } from '../../src/settings/resolve.js';
import type { EncodedBlock } from '../../src/xz/block.js';
import { headerText } from '../lzma/lzmaSamples.js';
import { environment } from '../settings/settingsSamples.js';

const MIB = 2 ** 20;

/** Blocks of these sizes, wanted in one turn of the event loop, as encoded, and the kinds of tasks that it took. */
async function encoded(
  codec: string,
  jobs: number,
  sizes: readonly number[],
): Promise<[EncodedBlock[], Task['kind'][]]> {
  const options = { fromTar: 'k.tar', codec, preset: '1', blockSize: '4MiB', jobs };
  const { content, execution: run } = resolveSettings(options, environment({ workingDirectory: '/' }));
  return withPool(jobs, async pool => {
    const kinds: Task['kind'][] = [];
    pool.onTask = ({ task }) => kinds.push(task.kind);
    const making: Making = { content, run, pool, cache: PackCache.none().blocks, report: () => undefined };
    const encode = encodeFewTogether(Math.max(...sizes), making, encodeAlone(making));
    const wanted = sizes.map((size, i): BlockToMake => {
      const input = (): BlockInput => ({ kind: 'bytes', pieces: [new Uint8Array(headerText(size, i + 1))], size });
      return { block: { key: '', size, first: null }, input };
    });
    return [await Promise.all(wanted.map(encode)), [...new Set(kinds)]];
  });
}

describe('Blocks that are not in the cache', () => {
  const large = [3 * MIB, 2 * MIB + 77];
  let alone: EncodedBlock[] = [];

  it('are encoded each on one worker where there are as many, or one worker', async () => {
    const [blocks, kinds] = await encoded('radix', 2, large);
    assert.deepEqual(kinds, ['encode']);
    assert.deepEqual((await encoded('radix', 1, large.slice(0, 1)))[1], ['encode']);
    alone = blocks;
  });

  it('are encoded by all workers together where there are fewer, to the same bytes', async () => {
    const [one, kinds] = await encoded('radix', 2, large.slice(0, 1));
    assert.deepEqual(kinds, ['shared']);
    assert.deepEqual(one, alone.slice(0, 1));
    const [two, kindsOfTwo] = await encoded('radix', 3, large);
    assert.deepEqual(kindsOfTwo, ['shared']);
    assert.deepEqual(two, alone);
  });

  it('are not shared where they are too small, and do not count then', async () => {
    const small = [300_000, 10_240];
    assert.deepEqual((await encoded('radix', 4, small))[1], ['encode']);
    const [, kinds] = await encoded('radix', 2, [3 * MIB, ...small]);
    assert.deepEqual(kinds.toSorted(), ['encode', 'shared']);
  });

  it('are not shared by a codec that cannot', async () => {
    assert.equal(codecNamed('liblzma').sharing, null);
    assert.deepEqual((await encoded('liblzma', 4, [MIB]))[1], ['encode']);
  });
});
