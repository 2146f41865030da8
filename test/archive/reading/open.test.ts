import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, describe, it } from 'node:test';
import { withArchive } from '../../../src/archive/reading/open.js';
import { succeeded } from '../../support/archive.js';
import { run } from '../../support/cli.js';
import { noise } from '../../support/kernelTree.js';
import { scratch } from '../../support/scratch.js';
import { unless } from '../../support/tools.js';
import { contentsOf, fileOf, fromFile, fromPipe } from './reader.js';

const work = scratch({ after });
const contents = Buffer.from(noise(500_000, 7));
const input = fileOf(work, 'contents', contents);

async function madeBy(...args: readonly string[]): Promise<Buffer> {
  return succeeded(await run('xz', ['-c', '-0', ...args, input])).stdout;
}

describe('an open archive', { skip: unless('xz') }, () => {
  it('lists Streams and Blocks as xz does', async () => {
    const streams = Buffer.concat([
      await madeBy('-T2', '--block-size=100000'),
      Buffer.alloc(12),
      await madeBy('-Csha256'),
    ]);
    const path = fileOf(work, 'listed.xz', streams);
    const listing = succeeded(await run('xz', ['-lvv', '--robot', path])).stdout.toString();
    const rows = listing.split('\n').map(line => line.split('\t'));
    const numbers = (kind: string, ...columns: number[]): number[][] =>
      rows.filter(row => row[0] === kind).map(row => columns.map(column => Number(row[column])));
    await withArchive(fromFile(path), async ({ container }) => {
      assert.ok(container !== null);
      const { blocks } = container;
      // Columns of xz's manual: file number, Block's number ..., offsets, total size, uncompressed size.
      assert.deepEqual(
        blocks.map(block => [block.stream + 1, block.offset, block.uncompressedOffset, block.uncompressedSize]),
        numbers('block', 1, 4, 5, 7),
      );
      assert.deepEqual(
        container.streams.map(({ offset, size, padding }) => [offset, size, padding]),
        numbers('stream', 3, 5, 9),
      );
      assert.deepEqual([container.compressedSize, container.uncompressedSize], [streams.length, 2 * contents.length]);
    });
  });

  it('reads any range, and only the Blocks that hold it', async () => {
    const archive = await madeBy('-T2', '--block-size=50000');
    // The sixth Block is damaged; who does not need it never sees that.
    const damaged = Buffer.from(archive);
    await withArchive(fromFile(fileOf(work, 'range.xz', archive)), async ({ container }) => {
      const block = container?.blocks[5];
      assert.ok(block !== undefined);
      damaged[block.offset + block.unpaddedSize - 1] = (damaged[block.offset + block.unpaddedSize - 1] ?? 0) ^ 1;
    });
    await withArchive(fromFile(fileOf(work, 'damaged.xz', damaged)), async open => {
      const range = async (from: number, to: number): Promise<Buffer> => {
        const pieces: Uint8Array[] = [];
        for await (const piece of open.readRange(from, to)) pieces.push(piece.slice());
        return Buffer.concat(pieces);
      };
      for (const [from, to] of [
        [0, 1],
        [0, 50_000],
        [49_999, 50_001],
        [10, 250_000],
        [300_000, 500_000],
        [499_999, 500_000],
      ] as const) {
        assert.ok((await range(from, to)).equals(contents.subarray(from, to)), `${from} to ${to}`);
      }
      for (const [from, to] of [
        [0, 0],
        [7, 7],
        [500_000, 500_000],
      ] as const) {
        assert.equal((await range(from, to)).length, 0);
      }
      await assert.rejects(range(249_999, 250_001), { code: 'E_BAD_XZ' });
    });
  });

  it('reads Block Headers and raw bytes again', async () => {
    const archive = await madeBy('-T2', '--block-size=50000', '--delta=dist=3', '--lzma2=preset=0');
    await withArchive(fromFile(fileOf(work, 'raw.xz', archive)), async open => {
      const header = await open.blockHeader(3);
      assert.deepEqual(header.filters, [
        { id: 3, properties: Uint8Array.of(2) },
        { id: 0x21, properties: Uint8Array.of(12) },
      ]);
      assert.equal(header.uncompressedSize, 50_000);
      const raw: Uint8Array[] = [];
      for await (const piece of open.rawRange(10, archive.length - 3)) raw.push(piece);
      assert.ok(Buffer.concat(raw).equals(archive.subarray(10, -3)));
    });
  });

  it('is read several times from a file, in part too, and once from a pipe', async () => {
    const archive = await madeBy('-T2', '--block-size=50000');
    await withArchive(fromFile(fileOf(work, 'twice.xz', archive)), async open => {
      for await (const _ of open.read()) break;
      assert.ok((await contentsOf(open)).equals(contents));
      assert.ok((await contentsOf(open)).equals(contents));
    });
    await withArchive(fromPipe(archive), async open => {
      const blocks = (): number | undefined => open.container?.blocks.length;
      assert.equal(blocks(), undefined);
      assert.ok((await contentsOf(open)).equals(contents));
      assert.equal(blocks(), 10);
      await assert.rejects(contentsOf(open), RangeError);
      assert.throws(() => open.readRange(0, 1), { code: 'E_READ' });
    });
  });

  it('may be a FIFO, named by its path', { skip: unless('mkfifo') }, async () => {
    const fifo = join(work, 'fifo');
    succeeded(await run('mkfifo', [fifo]));
    const archive = await madeBy('-T2', '--block-size=50000');
    const [read] = await Promise.all([withArchive(fromFile(fifo), contentsOf), writeFile(fifo, archive)]);
    assert.ok(read.equals(contents));
  });

  it('gives what lies before the damage, then the error', async () => {
    const archive = await madeBy('-T2', '--block-size=50000');
    const cut = archive.subarray(0, archive.length - 5000);
    const pieces: Uint8Array[] = [];
    const reading = withArchive(fromPipe(cut), async open => {
      for await (const piece of open.read()) pieces.push(piece);
    });
    await assert.rejects(reading, { code: 'E_BAD_XZ' });
    assert.ok(Buffer.concat(pieces).equals(contents.subarray(0, 450_000)));
  });
});
