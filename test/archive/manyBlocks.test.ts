import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { inferSettings } from '../../src/archive/compare/infer.js';
import { compressPlan } from '../../src/archive/compress.js';
import { PackCache } from '../../src/cache/packCache.js';
import type { ContainerBlock } from '../../src/model/container.js';
import type { PlanOutline } from '../../src/model/plan.js';
import { WorkerPool } from '../../src/pool/pool.js';
import { resolveSettings } from '../../src/settings/resolve.js';
import { environment } from '../settings/settingsSamples.js';

/** More than a function takes as arguments: 800 MB in Blocks of 4 KiB, the smallest that can be chosen. */
const COUNT = 200_000;
const SIZE = 4096;

const DIGEST = { size: 0, sha256: '' };

describe('an archive of very many Blocks', () => {
  it('can be packed', async () => {
    const settings = resolveSettings({ fromTar: 'k.tar', blockSize: SIZE, jobs: 1 }, environment({}));
    const outline: PlanOutline = {
      files: { entries: 0, regular: 0, hardLinks: 0, symbolicLinks: 0, directories: 0 },
      bytes: { raw: 0, stripped: 0, deduplicated: 0, tar: COUNT * SIZE },
      largestFile: 0,
      blocks: Array.from({ length: COUNT }, () => ({ key: '', size: SIZE, first: null })),
    };
    const plan = (): never => assert.fail('no Block is asked for');
    const forgetFiles = (): void => undefined;
    const [pool, cache] = [new WorkerPool(1), PackCache.none().blocks];
    const blocks = compressPlan(
      { files: [], outline, plan, forgetFiles },
      settings.content,
      settings.execution,
      pool,
      cache,
    );
    assert.deepEqual(await blocks.return(), { done: true, value: undefined });
  });

  it('shows its settings', () => {
    const blocks = Array.from(
      { length: COUNT },
      (_, i): ContainerBlock => ({
        stream: 0,
        offset: 12 + i * SIZE,
        unpaddedSize: SIZE,
        uncompressedSize: SIZE,
        uncompressedOffset: i * SIZE,
      }),
    );
    const streams = [{ offset: 0, size: COUNT * SIZE, checkId: 0x04, padding: 0 }];
    const container = { streams, blocks, compressedSize: COUNT * SIZE, uncompressedSize: COUNT * SIZE };
    const index = { name: 'k', file: DIGEST, container, blockDigests: [], firstBlock: null, tar: DIGEST, entries: [] };
    const { check, blockSize } = inferSettings(index);
    assert.deepEqual({ check, blockSize }, { check: 'crc64', blockSize: null });
  });
});
