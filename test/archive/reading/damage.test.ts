import assert from 'node:assert/strict';
import { after, describe, it } from 'node:test';
import { succeeded } from '../../support/archive.js';
import { run } from '../../support/cli.js';
import { scratch } from '../../support/scratch.js';
import { unless } from '../../support/tools.js';
import { countDamage, type Specimen } from './damages.js';

const work = scratch({ after });

/**
 * A small archive with everything that an .xz file can have: several Streams with different Checks, one of them empty,
 * Stream Padding, Blocks with and without sizes in their headers, LZMA and stored chunks.
 */
async function specimen(): Promise<Specimen> {
  const text = Buffer.from('#define KERNEL 1\n#define KERNEL_HEADERS 2\n'.repeat(3));
  const xz = async (input: Buffer, ...args: readonly string[]): Promise<Buffer> =>
    succeeded(await run('xz', ['-0', '-c', ...args], { input })).stdout;
  const bytes = Buffer.concat([
    await xz(text.subarray(0, 20), '--check=sha256'),
    Buffer.alloc(4),
    await xz(Buffer.alloc(0), '--check=none'),
    await xz(text.subarray(20), '-T2', '--block-size=64', '--check=crc64'),
    Buffer.alloc(8),
  ]);
  return { bytes, contents: text };
}

describe('a small archive, from a file and from a pipe', { skip: unless('xz') }, () => {
  const whole = specimen();

  it('is refused at every truncation, but where a Stream ends', async () => {
    const { bytes, contents } = await whole;
    const counts = await countDamage({ bytes, contents, damage: 'truncated', directory: work });
    assert.ok(counts.refused > 2 * bytes.length - 20);
    console.log(`# ${bytes.length} truncations, both ways: ${counts.refused} refused, ${counts.same} whole`);
  });

  it('is refused, or gives the same contents, when any byte becomes any other', async () => {
    const { bytes, contents } = await whole;
    const counts = await countDamage({ bytes, contents, damage: 'changed', directory: work });
    assert.ok(counts.refused + counts.same > 255 * bytes.length);
    console.log(`# ${bytes.length} bytes changed: ${counts.refused} refused, ${counts.same} the same`);
  });

  it('is refused, or gives the same contents, with bytes taken out and put in', async () => {
    const { bytes, contents } = await whole;
    const counts = await countDamage({ bytes, contents, damage: 'shifted', directory: work });
    assert.ok(counts.refused > 12 * bytes.length - 100);
    console.log(`# bytes put in and taken out: ${counts.refused} refused, ${counts.same} the same`);
  });
});
