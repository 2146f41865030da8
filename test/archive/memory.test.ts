import assert from 'node:assert/strict';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { writeLargeTar } from '../../corpus/load/largeTar.js';
import { generateTree } from '../../corpus/synthetic.js';
import type { PackSummary } from '../../src/index.js';
import { runCli } from '../support/cli.js';
import { scratchDirectory } from '../tree/scratch.js';

const HEADERS = 6000;

describe('the memory formula', () => {
  const scratch = scratchDirectory('memory');
  const tree = join(scratch, 'tree');
  generateTree(tree, { headers: HEADERS, seed: 1 });

  async function packed(options: readonly string[]): Promise<PackSummary> {
    const fixed = ['--codec', 'liblzma', '--preset', '0', '--quiet', '--json', '-o', join(scratch, 'k.tar.xz')];
    const args = ['pack', tree, '--profile', 'all', ...fixed, ...options];
    const { code, stdout, stderr } = await runCli(args, { env: { HOME: scratch } });
    assert.equal(code, 0, stderr);
    return JSON.parse(stdout.toString()) as PackSummary;
  }

  it('bounds a pack with the smallest workers and Blocks, where the program itself and the entries count for most', async () => {
    const { files, memoryBound, peakMemory } = await packed(['--jobs', '1', '--block-size', '1MiB']);
    assert.ok(files.entries > HEADERS);
    assert.ok(memoryBound !== null && peakMemory < memoryBound, `${peakMemory} of ${memoryBound}`);
  });

  it('bounds a cold pack that keeps what it found for the next', async () => {
    const { cache, memoryBound, peakMemory } = await packed(['--jobs', '2', '--cache', join(scratch, 'cache')]);
    assert.ok((cache?.files.read ?? 0) >= HEADERS);
    assert.ok(memoryBound !== null && peakMemory < memoryBound, `${peakMemory} of ${memoryBound}`);
  });
});

describe('the default codec', () => {
  const scratch = scratchDirectory('memory-radix');
  /** Of its 32 MiB Blocks. */
  const BOUND = 12 * 2 ** 25 + 150 * 2 ** 20;

  it('takes 12 times its dictionary and 150 MiB at most, from a tar of more than one Block', async () => {
    const tar = join(scratch, 'large.tar');
    writeLargeTar(tar, 40e6);
    const args = ['pack', '--from-tar', tar, '--preset', '0', '--jobs', '2', '--quiet', '--json', '--no-cache'];
    const { code, stdout, stderr } = await runCli([...args, '-o', join(scratch, 'k.tar.xz')]);
    assert.equal(code, 0, stderr);
    const { settings, blocks, peakMemory } = JSON.parse(stdout.toString()) as PackSummary;
    assert.deepEqual([settings.encoding.codec.name, settings.encoding.lzma2.dictionarySize], ['radix', 2 ** 25]);
    assert.ok(blocks > 2);
    assert.ok(peakMemory < BOUND, `${peakMemory} of ${BOUND}`);
  });
});
