import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, describe, it } from 'node:test';
import { generateTree } from '../../corpus/synthetic.js';
import { makeShared } from '../../src/archive/compressShared.js';
import { partsOf } from '../../src/archive/parts.js';
import { fromLatin1 } from '../../src/bytes/bytePath.js';
import { PackCache } from '../../src/cache/packCache.js';
import { pack } from '../../src/index.js';
import { codecNamed } from '../../src/lzma/codec.js';
import type { PlannedEntry } from '../../src/model/plan.js';
import { withPool } from '../../src/pool/pool.js';
import { resolveSettings } from '../../src/settings/resolve.js';
import { headerText } from '../lzma/lzmaSamples.js';
import { environment } from '../settings/settingsSamples.js';
import { decoded } from '../support/decoded.js';
import { scratch } from '../support/scratch.js';
import { unless } from '../support/tools.js';

/** Blocks of the radix codec that all workers encode together. */

const work = scratch({ after });
const tree = join(work, 'tree');
generateTree(tree, { headers: 200, seed: 21 });
// Enough for several slices.
for (let i = 0; i < 9; i++) writeFileSync(join(tree, `include/large-${i}.h`), headerText(350_000 + i, i + 1));

const SETTINGS = { codec: 'radix', preset: '1', lzma2: 'dict=8MiB', strip: 'none' } as const;
const SHARED = { ...SETTINGS, blockSize: '8MiB' } as const;

async function packed(name: string, options: object): Promise<{ path: string; digest: string; slices: number }> {
  const path = join(work, name);
  const { digest, bytes } = await pack({ trees: [tree], output: path, ...options });
  return { path, digest, slices: Math.floor(bytes.tar / 2 ** 20) };
}

describe('a Block that workers share', () => {
  it('has the same bytes for 1, 2, 3, 8 and 16 jobs', async () => {
    const one = await packed('one.tar.xz', { ...SHARED, jobs: 1 });
    assert.ok(one.slices >= 3, 'several slices');
    for (const jobs of [2, 3, 8, 16]) {
      assert.equal((await packed(`${jobs}.tar.xz`, { ...SHARED, jobs })).digest, one.digest, `${jobs} jobs`);
    }
  });

  it('has the same bytes where workers take turns, since the memory has fewer places', async () => {
    const size = 3 * 2 ** 20;
    const options = { fromTar: 'k.tar', ...SETTINGS, strip: undefined };
    const { content, execution: run } = resolveSettings(options, environment({ workingDirectory: '/' }));
    const { sharing } = codecNamed('radix');
    assert.ok(sharing !== null);
    const [one, ...others] = await withPool(4, async pool => {
      const making = { content, run, pool, cache: PackCache.none().blocks, report: () => undefined };
      const blocks: Uint8Array[] = [];
      for (const places of [4, 2, 1]) {
        const pieces = [new Uint8Array(headerText(size, 1))];
        const memory = sharing.reserve(size, places);
        blocks.push((await makeShared({ kind: 'bytes', pieces, size }, sharing, memory, making)).bytes);
      }
      return blocks;
    });
    for (const other of others) assert.deepEqual(other, one);
  });

  it('has the bytes that one worker alone gives it', async () => {
    const shared = await packed('shared.tar.xz', { ...SHARED, jobs: 2 });
    const alone = await packed('alone.tar.xz', { ...SETTINGS, blockSize: '7MiB', jobs: 1 });
    assert.equal(alone.digest, shared.digest);
  });

  it('has the same bytes when its tar comes from a file', async () => {
    const fromTree = await packed('tree.tar.xz', { ...SHARED, jobs: 2 });
    const again = await packed('again.tar.xz', {
      ...SHARED,
      strip: undefined,
      trees: undefined,
      fromTar: fromTree.path,
      jobs: 2,
    });
    assert.equal(again.digest, fromTree.digest);
  });

  it('is read by xz, 7zz, busybox, lzma-native and Python', async t => {
    const { path } = await packed('read.tar.xz', { ...SHARED, jobs: 2 });
    const tar = await decoded(path);
    assert.ok(tar.includes(headerText(350_000, 1)));
    const python = 'import lzma, sys; sys.stdout.buffer.write(lzma.open(sys.argv[1]).read())';
    const readers: [string, string[]][] = [
      ['xz', ['-dc', path]],
      ['7zz', ['x', '-so', path]],
      ['busybox', ['xzcat', path]],
      ['python3', ['-c', python, path]],
    ];
    for (const [reader, args] of readers) {
      const { error, status, stdout } = spawnSync(reader, args, { maxBuffer: 2 ** 28 });
      if (error !== undefined) {
        t.diagnostic(`${reader} is not here`);
        continue;
      }
      assert.equal(status, 0, reader);
      assert.equal(Buffer.compare(stdout, tar), 0, reader);
    }
  });

  for (const check of ['none', 'crc32', 'crc64', 'sha256'] as const) {
    it(`has its Check, ${check}, right`, { skip: unless('xz') }, async () => {
      const { path } = await packed(`${check}.tar.xz`, { ...SHARED, check, jobs: 2 });
      const { status, stderr } = spawnSync('xz', ['-t', path]);
      assert.equal(status, 0, String(stderr));
    });
  }

  it('leaves the old archive where a header changes meanwhile', async () => {
    const { path } = await packed('old.tar.xz', { ...SHARED, jobs: 2 });
    const before = readFileSync(path);
    const header = join(tree, 'include/large-3.h');
    const text = readFileSync(header);
    const onProgress = (progress: { stage: string }): void => {
      if (progress.stage === 'plan') writeFileSync(header, 'changed');
    };
    await assert.rejects(packed('old.tar.xz', { ...SHARED, jobs: 2, onProgress }), { code: 'E_CHANGED' });
    writeFileSync(header, text);
    assert.deepEqual(readFileSync(path), before);
  });

  it('stops when the caller asks', async () => {
    const controller = new AbortController();
    const onProgress = (progress: { stage: string }): void => {
      if (progress.stage === 'compress') controller.abort();
    };
    const options = { ...SHARED, jobs: 2, onProgress, signal: controller.signal };
    await assert.rejects(packed('stopped.tar.xz', options), { code: 'E_ABORTED' });
  });
});

describe('the parts of a Block', () => {
  const entry = (size: number, i: number): PlannedEntry => ({
    kind: 'regular',
    name: fromLatin1(`./${i}.h`),
    mode: 0o644,
    size,
    source: { location: fromLatin1(''), strip: 'none', digest: '' },
  });

  it('follow each other without a gap, and hold every entry once', () => {
    const entries = Array.from({ length: 300 }, (_, i) => entry(i * 100, i));
    for (const skip of [0, 700]) {
      const size = entries.reduce((sum, each) => sum + 512 + Math.ceil((each as { size: number }).size / 512) * 512, 0);
      const block = { first: 5, end: 305, skip, size: size - skip };
      const parts = partsOf({ kind: 'entries', block, entries, mtime: 0 });
      let at = 0;
      let first = 5;
      for (const { at: start, part } of parts) {
        assert.equal(start, at);
        assert.equal(part.block.first, first);
        at += part.block.size;
        first = part.block.end;
      }
      assert.ok(parts.length > 5);
      assert.deepEqual([at, first], [size - skip, 305]);
      assert.deepEqual(
        parts.flatMap(({ part }) => part.entries),
        entries,
      );
      assert.equal(parts[0]?.part.block.skip, skip);
    }
  });

  it('are one for a Block inside a large entry', () => {
    const block = { first: 0, end: 1, skip: 2 ** 20, size: 2 ** 20 };
    const parts = partsOf({ kind: 'entries', block, entries: [entry(2 ** 23, 0)], mtime: 0 });
    assert.deepEqual(
      parts.map(({ at, part }) => [at, part.block]),
      [[0, block]],
    );
  });
});
