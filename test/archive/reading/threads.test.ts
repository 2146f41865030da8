import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { type Decoding, DecodingThreads } from '../../../src/archive/reading/threads.js';
import type { BlockToDecode } from '../../../src/pool/decodeProtocol.js';
import { DecodeThread } from '../../../src/pool/decodeThread.js';
import { CHECKS } from '../../../src/xz/check.js';
import { run } from '../../support/cli.js';
import { padded, storedBlock } from '../../xz/buildXz.js';
import { PLACE } from '../../xz/fault.js';

/** More than this thread decodes alone. */
const MUCH = 2 ** 27;
const LITTLE = 2 ** 20;

/** Before anything is mocked. */
const REAL = { decode: DecodeThread.prototype.decode };

const contentOf = (i: number): Buffer => Buffer.alloc(200_000 + i, `Block ${i}\n`);

function taskOf(i: number): BlockToDecode {
  const content = contentOf(i);
  const { header, data, check } = storedBlock(content, CHECKS.crc64.compute(content));
  const block = new Uint8Array(Buffer.concat([padded(Buffer.concat([header, data])), check]));
  const unpaddedSize = header.length + data.length + check.length;
  const record = { unpaddedSize, uncompressedSize: content.length };
  return { block, record, checkId: CHECKS.crc64.id, place: PLACE };
}

function damaged(task: BlockToDecode): BlockToDecode {
  task.block[task.block.length - 1] = (task.block.at(-1) as number) ^ 1;
  return task;
}

type Content = ReturnType<Decoding<'all'>['decode']>;

async function read(content: Content): Promise<Buffer> {
  const pieces: Buffer[] = [];
  for await (const piece of content) pieces.push(Buffer.from(piece));
  return Buffer.concat(pieces);
}

async function lengthOf(excerpts: ReturnType<Decoding<'members'>['decode']>): Promise<number> {
  let length = 0;
  for await (const excerpt of excerpts) {
    const there = excerpt.gaps.reduce((sum, gap) => sum + gap.length, excerpt.bytes.length);
    assert.equal(there, excerpt.length);
    length += there;
  }
  return length;
}

async function assertRead(content: Content, i: number): Promise<void> {
  assert.ok((await read(content)).equals(contentOf(i)), `Block ${i}`);
}

/** What becomes of so many Blocks whose reader waits for each in turn. */
async function decodedInTurn(jobs: number, bytes: number, blocks: number): Promise<void> {
  const threads = new DecodingThreads(jobs);
  try {
    const decoding = threads.forKnown(blocks, bytes, blocks, 'all');
    const contents = Array.from({ length: blocks }, (_, i) => decoding.decode(taskOf(i)));
    for (const [i, content] of contents.entries()) await assertRead(content, i);
  } finally {
    await threads.close();
  }
}

describe('the threads that decode', () => {
  for (const jobs of [1, 2, 5]) {
    it(`give every Block, little or much, with ${jobs} jobs`, async () => {
      await decodedInTurn(jobs, LITTLE, 5);
      await decodedInTurn(jobs, MUCH, 60);
    });
  }

  it('take Blocks while no reader waits, two of them each at a time', async context => {
    /** Blocks that a thread had when it was given another. */
    const had: number[] = [];
    context.mock.method(DecodeThread.prototype, 'decode', function (this: DecodeThread, ...args: unknown[]) {
      had.push(this.blocks);
      return REAL.decode.apply(this, args as Parameters<DecodeThread['decode']>);
    });
    const threads = new DecodingThreads(3);
    context.after(() => threads.close());
    const decoding = threads.forKnown(20, MUCH, 20, 'all');
    const contents = Array.from({ length: 20 }, (_, i) => decoding.decode(taskOf(i)));
    assert.equal(had.length, 0, 'none has loaded yet');
    while (had.length === 0) await new Promise(setImmediate);
    for (const [i, content] of contents.entries()) await assertRead(content, i);
    assert.equal(Math.max(...had), 1);
  });

  it('leave the first Blocks to one that starts, whoever waits for them', async context => {
    const decode = context.mock.method(DecodeThread.prototype, 'decode');
    await decodedInTurn(2, MUCH, 4);
    const sizes = decode.mock.calls.slice(0, 2).map(({ arguments: [block] }) => block.record.uncompressedSize);
    assert.deepEqual(
      sizes,
      [0, 1].map(i => contentOf(i).length),
    );
  });

  it('use no more slots than may be under way for each, though nobody reads', async context => {
    const slots = new Set<number>();
    context.mock.method(DecodeThread.prototype, 'decode', function (this: DecodeThread, ...args: unknown[]) {
      slots.add(args[1] as number);
      return REAL.decode.apply(this, args as Parameters<DecodeThread['decode']>);
    });
    const threads = new DecodingThreads(2);
    context.after(() => threads.close());
    const decoding = threads.forKnown(20, MUCH, 20, 'all');
    const contents = Array.from({ length: 20 }, (_, i) => decoding.decode(taskOf(i)));
    // The thread takes its time on a busy machine; more than it may have would follow soon.
    for (let waits = 0; waits < 300 && slots.size < 14; waits++) await new Promise(resolve => setTimeout(resolve, 100));
    await new Promise(resolve => setTimeout(resolve, 200));
    assert.deepEqual(
      [...slots],
      Array.from({ length: 14 }, (_, i) => i),
    );
    for (const [i, content] of contents.entries()) await assertRead(content, i);
  });

  it('decode here what no thread can be started for', async context => {
    const decode = context.mock.method(DecodeThread.prototype, 'decode');
    context.mock.getter(DecodeThread.prototype, 'state', () => 'ended');
    await decodedInTurn(3, MUCH, 10);
    assert.equal(decode.mock.callCount(), 0);
  });

  it('hand a content over while it is decoded', async () => {
    for (const jobs of [1, 2]) {
      const threads = new DecodingThreads(jobs);
      const decoding = threads.forKnown(1, MUCH, 2, 'all');
      const pieces = decoding.decode(damaged(taskOf(5_000_000)));
      const first = await pieces.next();
      assert.ok(!(first.done ?? false) && first.value.length < 5_000_000, 'the Check has not been compared yet');
      await assert.rejects(read(pieces), { code: 'E_BAD_XZ' });
      await threads.close();
    }
  });

  it('write into no content that is still read', async () => {
    const threads = new DecodingThreads(2);
    const decoding = threads.forKnown(8, MUCH, 8, 'all');
    const contents = Array.from({ length: 8 }, (_, i) => decoding.decode(taskOf(i)));
    // Read together: each keeps its slot until its last piece has been taken.
    const firsts = await Promise.all(contents.slice(0, 4).map(content => content.next()));
    await assertRead(contents[4] as Content, 4);
    for (const [i, { value }] of firsts.entries()) {
      assert.ok(value !== undefined && Buffer.from(value).equals(contentOf(i).subarray(0, value.length)), `Block ${i}`);
    }
    for (const content of contents) await content.return();
    await threads.close();
  });

  it('have one slot for all contents of which nobody looks at where they lie', async context => {
    const slots: unknown[] = [];
    context.mock.method(DecodeThread.prototype, 'decode', function (this: DecodeThread, ...args: unknown[]) {
      slots.push(args[1]);
      return REAL.decode.apply(this, args as Parameters<DecodeThread['decode']>);
    });
    const threads = new DecodingThreads(2);
    context.after(() => threads.close());
    for (const extent of ['members', 'nothing'] as const) {
      const decoding = threads.forKnown(40, MUCH, 40, extent);
      const contents = Array.from({ length: 40 }, (_, i) => decoding.decode(taskOf(i)));
      for (const [i, excerpts] of contents.entries()) assert.equal(await lengthOf(excerpts), contentOf(i).length);
    }
    assert.ok(slots.length > 0);
    assert.deepEqual([...new Set(slots)], [0]);
  });

  it('decode what nobody looks at where it lies over nothing that somebody does', async () => {
    for (const jobs of [1, 2]) {
      const threads = new DecodingThreads(jobs);
      const whole = threads.forKnown(40, MUCH, 40, 'all');
      const skimmed = threads.forKnown(40, MUCH, 40, 'members');
      const checked = threads.forKnown(40, MUCH, 40, 'nothing');
      const each = Array.from({ length: 40 }, (_, i) => ({
        content: whole.decode(taskOf(i)),
        members: skimmed.decode(taskOf(i)),
        nothing: checked.decode(i === 39 ? damaged(taskOf(i)) : taskOf(i)),
      }));
      for (const [i, { content, members, nothing }] of each.entries()) {
        await assertRead(content, i);
        assert.equal(await lengthOf(members), contentOf(i).length);
        if (i < 39) assert.equal(await lengthOf(nothing), contentOf(i).length);
        else await assert.rejects(lengthOf(nothing), { code: 'E_BAD_XZ' });
      }
      await threads.close();
    }
  });

  it('forget the Blocks of a reader that reads no further, and no others', async () => {
    const threads = new DecodingThreads(1);
    const [stopped, going] = [threads.forKnown(2, LITTLE, 2, 'all'), threads.forKnown(2, LITTLE, 2, 'all')];
    const dropped = [stopped.decode(taskOf(0)), stopped.decode(taskOf(1))];
    const kept = [going.decode(taskOf(2)), going.decode(taskOf(3))];
    const begun = assert.rejects(read(dropped[0] as Content), { code: 'E_ABORTED' });
    stopped.drop();
    await begun;
    await assert.rejects(read(dropped[1] as Content), { code: 'E_ABORTED' });
    for (const [i, content] of kept.entries()) await assertRead(content, i + 2);
    await threads.close();
  });

  it('give the error of a Block to who reads it, wherever it was decoded', async () => {
    for (const jobs of [1, 2]) {
      const threads = new DecodingThreads(jobs);
      const decoding = threads.forKnown(20, MUCH, 20, 'all');
      const contents = Array.from({ length: 20 }, (_, i) => decoding.decode(damaged(taskOf(i))));
      for (const content of contents) await assert.rejects(read(content), { code: 'E_BAD_XZ' });
      await threads.close();
    }
  });

  it('are closed while Blocks are under way that nobody reads', async () => {
    for (const jobs of [1, 2]) {
      const threads = new DecodingThreads(jobs);
      const decoding = threads.forKnown(20, MUCH, 20, 'all');
      const [first] = Array.from({ length: 20 }, (_, i) => decoding.decode(taskOf(i)));
      await (first as Content).next();
      await threads.close();
    }
  });

  it('are one where there is memory for one Block at a time', async context => {
    const started = context.mock.getter(DecodeThread.prototype, 'state', () => 'ended');
    const one = new DecodingThreads(4);
    one.forKnown(50, MUCH, 1, 'all').decode(taskOf(0));
    await one.close();
    assert.equal(started.mock.callCount(), 0);
    const two = new DecodingThreads(4);
    two.forKnown(50, MUCH, 2, 'all').decode(taskOf(0));
    await two.close();
    assert.ok(started.mock.callCount() > 0);
  });

  it('tell who reads when the decoder cannot be loaded', async () => {
    const { code, stdout, stderr } = await run('sh', ['-c', WITHOUT_FILES, 'sh', process.execPath, SCRIPT]);
    assert.deepEqual([code, stdout.toString()], [0, 'E_READ\n'], stderr);
  });
});

const WITHOUT_FILES = 'ulimit -n 100; exec "$1" --input-type=module -e "$2"';
/** Reads a Block when no file can be opened any more, and prints what it ends with. */
const SCRIPT = `
  import { openSync } from 'node:fs';
  import { DecodingThreads } from ${JSON.stringify(new URL('../../../src/archive/reading/threads.js', import.meta.url).href)};
  const threads = new DecodingThreads(1);
  const content = threads.forKnown(1, 1, 1, 'all').decode({
    block: new Uint8Array(100),
    record: { unpaddedSize: 100, uncompressedSize: 1 },
    checkId: 0,
    place: { path: 'x', offset: 0 },
  });
  try {
    for (;;) openSync('/dev/null');
  } catch {}
  try {
    await content.next();
  } catch (error) {
    console.log(error.code);
  }
  process.exit();`;
