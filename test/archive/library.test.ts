import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { getEventListeners } from 'node:events';
import { closeSync, mkdirSync, openSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Writable } from 'node:stream';
import { after, describe, it, type TestContext } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { type ErrorCode, KheadersPackError, type PackOptions, pack, plan, readManifest, verify } from 'kheaders-pack';
import { runCli } from '../support/cli.js';
import { kernelTree, noise } from '../support/kernelTree.js';
import { assertHoldsOnly } from '../support/litter.js';
import { scratch } from '../support/scratch.js';
import { sha256 } from '../support/snapshot.js';
import { unless } from '../support/tools.js';

const work = scratch({ after });
const tree = kernelTree(
  join(work, 'tree'),
  Object.fromEntries(Array.from({ length: 30 }, (_, i) => [`include/linux/n${i}.h`, noise(20_000, i)])),
);
/** Some ten Blocks, quickly. */
const QUICK = { trees: [tree], jobs: 2, preset: '0', blockSize: '64KiB' } as const satisfies PackOptions;

/** A writable that keeps what it gets. */
class Kept extends Writable {
  readonly chunks: Buffer[] = [];

  override _write(chunk: Buffer, _encoding: string, done: () => void): void {
    this.chunks.push(chunk);
    done();
  }
}

function output(t: TestContext): { out: string; archive: string } {
  const out = join(scratch(t), 'out');
  mkdirSync(out);
  return { out, archive: join(out, 'k.tar.xz') };
}

async function assertRejects(promise: Promise<unknown>, code: ErrorCode): Promise<KheadersPackError> {
  const error: unknown = await promise.then(
    () => assert.fail('it was fulfilled'),
    (reason: unknown) => reason,
  );
  assert.ok(error instanceof KheadersPackError, String(error));
  assert.equal(error.code, code);
  return error;
}

function newFifo(t: TestContext): string {
  const fifo = join(scratch(t), 'fifo');
  assert.equal(spawnSync('mkfifo', [fifo]).status, 0);
  return fifo;
}

describe('pack, imported', () => {
  it('writes to a path what the command writes, and returns its digest and size', async t => {
    const { out, archive } = output(t);
    const summary = await pack({ ...QUICK, output: archive });
    const bytes = readFileSync(archive);
    assert.deepEqual([summary.digest, summary.bytes.archive, summary.output], [sha256(bytes), bytes.length, archive]);
    const command = await runCli([tree, '--preset', '0', '--block-size', '64KiB', '-q', '-o', '-']);
    assert.equal(sha256(command.stdout), summary.digest);
    assertHoldsOnly(out, ['k.tar.xz']);
  });

  it('writes the same to any writable, which stays open', async () => {
    const kept = new Kept();
    const summary = await pack({ ...QUICK, output: kept });
    assert.equal(sha256(Buffer.concat(kept.chunks)), summary.digest);
    assert.deepEqual([summary.output, kept.writableEnded, kept.destroyed], [null, false, false]);
    assert.equal(kept.listenerCount('close'), new Kept().listenerCount('close'));
  });

  it('waits for a slow writable, so that no more than a Block is on its way at a time', async () => {
    let largest = 0;
    const slow = new Kept({ highWaterMark: 1 });
    const write = slow._write.bind(slow);
    slow._write = (chunk, encoding, done) => {
      largest = Math.max(largest, slow.writableLength);
      setImmediate(() => write(chunk, encoding, done));
    };
    const summary = await pack({ ...QUICK, output: slow });
    assert.equal(sha256(Buffer.concat(slow.chunks)), summary.digest);
    assert.ok(largest < 70_000, `${largest} bytes were buffered`);
  });

  it('tells of its progress in stages, and of the trees chosen, through callbacks alone', async () => {
    const stages: string[] = [];
    const notices: string[] = [];
    await pack({
      ...QUICK,
      output: new Kept(),
      mtime: '2023-11-14',
      onProgress: ({ stage }) => stages.push(stage),
      onNotice: notice => notices.push(notice),
    });
    assert.deepEqual([...new Set(stages)], ['walk', 'scan', 'plan', 'compress']);
    assert.equal(notices.length, 2);
    assert.match(notices[0] ?? '', /^Packing .*tree/);
    assert.match(notices[1] ?? '', /names no time zone: taken as UTC$/);
  });

  it('twice at once to the same path leaves one whole archive', async t => {
    const { out, archive } = output(t);
    const [a, b] = await Promise.all([
      pack({ ...QUICK, output: archive }),
      pack({ ...QUICK, output: archive, mtime: '@1' }),
    ]);
    assert.ok([a.digest, b.digest].includes(sha256(readFileSync(archive))));
    assert.notEqual(a.digest, b.digest);
    assertHoldsOnly(out, ['k.tar.xz']);
  });
});

describe('plan, imported', () => {
  it('says what pack would write, as data that survive JSON', async () => {
    const made = await plan(QUICK);
    const summary = await pack({ ...QUICK, output: new Kept() });
    assert.deepEqual(JSON.parse(JSON.stringify(made)), made);
    assert.equal(made.tarSize, summary.bytes.tar);
    assert.equal(made.blocks.length + 1, summary.blocks);
    assert.equal(made.entries.length, summary.files.entries);
    assert.equal(
      made.blocks.reduce((sum, { size }) => sum + size, made.endSize),
      made.tarSize,
    );
  });
});

describe('an AbortSignal', () => {
  it('that has fired already stops pack and plan with E_ABORTED, and nothing is written', async t => {
    const { out, archive } = output(t);
    const signal = AbortSignal.abort();
    await assertRejects(pack({ ...QUICK, output: archive, signal }), 'E_ABORTED');
    await assertRejects(plan({ ...QUICK, signal }), 'E_ABORTED');
    assertHoldsOnly(out, []);
  });

  for (const stage of ['walk', 'scan', 'plan', 'compress']) {
    it(`that fires while it is at "${stage}" leaves the archive that was there, and no litter`, async t => {
      const { out, archive } = output(t);
      writeFileSync(archive, 'the archive before');
      const stop = new AbortController();
      const onProgress: PackOptions['onProgress'] = progress => progress.stage === stage && stop.abort();
      await assertRejects(pack({ ...QUICK, output: archive, signal: stop.signal, onProgress }), 'E_ABORTED');
      assert.equal(readFileSync(archive, 'utf8'), 'the archive before');
      assertHoldsOnly(out, ['k.tar.xz']);
    });
  }

  it('stops a pack whose writable never takes anything', async () => {
    const stop = new AbortController();
    const stuck = new Writable({ write: () => setImmediate(() => stop.abort()) });
    await assertRejects(pack({ ...QUICK, output: stuck, signal: stop.signal }), 'E_ABORTED');
  });

  it('stops what waits for a manifest in a FIFO', { skip: unless('mkfifo') }, async t => {
    const { archive } = output(t);
    await pack({ ...QUICK, output: archive });
    const fifo = newFifo(t);
    const reading = [
      (signal: AbortSignal) => verify(archive, { manifest: fifo, signal }),
      (signal: AbortSignal) => readManifest(fifo, signal),
    ];
    // Nobody has opened it; somebody has, and writes nothing.
    for (const flags of ['r+', null] as const) {
      const writer = flags === null ? null : openSync(fifo, flags);
      const ends = reading.map(read => assertRejects(read(AbortSignal.timeout(200)), 'E_ABORTED'));
      const stopped = await Promise.race([Promise.all(ends), sleep(10_000, null, { ref: false })]);
      closeSync(writer ?? openSync(fifo, 'r+'));
      assert.ok(stopped !== null, 'it waits for the manifest');
    }
  });

  describe('stops a pack into a FIFO', { skip: unless('mkfifo') }, () => {
    it('whose reader never reads', async t => {
      const fifo = newFifo(t);
      const reader = openSync(fifo, 'r+');
      const stop = new AbortController();
      const end = assertRejects(pack({ ...QUICK, output: fifo, signal: stop.signal }), 'E_ABORTED');
      // More than a FIFO holds is written by then, or is about to be.
      setTimeout(() => stop.abort(), 1000);
      const stopped = await Promise.race([end, sleep(10_000, null, { ref: false })]);
      // The thread that writes ends with the FIFO.
      closeSync(reader);
      assert.ok(stopped !== null, 'it waits for the reader');
      assert.deepEqual(getEventListeners(stop.signal, 'abort'), []);
    });

    for (const which of ['output', 'manifest'] as const) {
      it(`that nobody has opened at the other end, as its ${which}`, async t => {
        const { out, archive } = output(t);
        const fifo = newFifo(t);
        const signal = AbortSignal.timeout(200);
        const end = assertRejects(pack({ ...QUICK, output: archive, [which]: fifo, signal }), 'E_ABORTED');
        const stopped = await Promise.race([end, sleep(10_000, null, { ref: false })]);
        // The thread that opens it ends when somebody does.
        closeSync(openSync(fifo, 'r+'));
        assert.ok(stopped !== null, 'it waits for the reader');
        assertHoldsOnly(out, []);
      });
    }
  });
});

describe('a writable that fails', () => {
  it('rejects with E_WRITE and the reason', async () => {
    const failing = new Writable({ write: (_chunk, _encoding, done) => done(new Error('the tape is torn')) });
    const error = await assertRejects(pack({ ...QUICK, output: failing }), 'E_WRITE');
    assert.match(error.message, /the tape is torn$/);
  });

  it('rejects with E_PIPE when it is destroyed, with a write under way or before', async () => {
    const destroyed = new Writable({ write: () => setImmediate(() => destroyed.destroy()) });
    await assertRejects(pack({ ...QUICK, output: destroyed }), 'E_PIPE');
    await assertRejects(pack({ ...QUICK, output: new Kept().destroy() }), 'E_PIPE');
  });
});

it('every trouble is a KheadersPackError with its code and facts', async () => {
  const cases: readonly (readonly [ErrorCode, PackOptions])[] = [
    ['E_TREE', { trees: [join(work, 'missing')] }],
    ['E_OPTION_VALUE', { ...QUICK, jobs: 0 }],
    ['E_OPTION_CONFLICT', { ...QUICK, compat: true, strip: 'none' }],
    ['E_OPTION_CONFLICT', { fromTar: 'x.tar', dedup: false }],
    ['E_TIMESTAMP', { ...QUICK, mtime: 'tomorrow' }],
    ['E_ARCH', { ...QUICK, arch: 'vax' }],
    ['E_CODEC', { ...QUICK, codec: 'zip' }],
    ['E_NO_HEADERS', { ...QUICK, exclude: ['*'], output: join(work, 'out') }],
    ['E_READ', { fromTar: join(work, 'missing.tar'), output: join(work, 'out') }],
    ['E_WRITE', { ...QUICK, output: work }],
  ];
  for (const [code, options] of cases) {
    const error = await assertRejects(pack(options), code);
    assert.equal(error.name, 'KheadersPackError');
    assert.notEqual(Object.keys(error.facts).length, 0, code);
  }
  assertHoldsOnly(work, ['tree']);
});
