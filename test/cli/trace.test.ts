import assert from 'node:assert/strict';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, describe, it } from 'node:test';
import { generateTree } from '../../corpus/synthetic.js';
import type { TraceEvent, TraceFile } from '../../src/model/trace.js';
import { packed, succeeded } from '../support/archive.js';
import { runCli } from '../support/cli.js';
import { kernelTree, noise } from '../support/kernelTree.js';
import { assertHoldsOnly } from '../support/litter.js';
import { scratch } from '../support/scratch.js';
import { runIntoTrouble } from '../support/trouble.js';

const work = scratch({ after });
const tree = join(work, 'tree');
generateTree(tree, { headers: 200, seed: 4 });
const ARGS = ['pack', tree, '--preset', '0', '--block-size', '256KiB', '--arch', 'x86', '-q'];

interface Lasting extends TraceEvent {
  readonly dur: number;
}

const lasting = (trace: TraceFile, cat: string): Lasting[] =>
  trace.traceEvents.filter((event): event is Lasting => event.ph === 'X' && event.cat === cat);
const endOf = (event: Lasting): number => event.ts + event.dur;

async function traceOf(name: string, args: readonly string[]): Promise<{ trace: TraceFile; blocks: number }> {
  const path = join(work, `${name}.json`);
  const { stdout } = succeeded(await runCli([...args, '--json', '--trace', path, '-o', join(work, `${name}.tar.xz`)]));
  return { trace: JSON.parse(readFileSync(path, 'utf8')), blocks: JSON.parse(stdout.toString()).blocks };
}

describe('pack --trace', () => {
  const made = traceOf('two', [...ARGS, '--jobs', '2']);

  it('has every Block once, numbered as in the archive, with its steps', async () => {
    const { trace, blocks } = await made;
    const encoded = lasting(trace, 'encode').sort((a, b) => Number(a.args['block']) - Number(b.args['block']));
    assert.deepEqual(
      encoded.map(({ name }) => name),
      Array.from({ length: blocks }, (_, i) => `Block ${i + 1}`),
    );
    assert.equal(encoded[0]?.args['from'], './');
    const steps = encoded[0]?.args['milliseconds'] as Record<string, number>;
    assert.deepEqual(Object.keys(steps), ['read', 'strip', 'digest', 'tar', 'encode', 'check']);
    const sum = Object.values(steps).reduce((total, step) => total + step, 0);
    assert.ok(sum <= (encoded[0]?.dur ?? 0) / 1000 + 0.01, `${sum} ms in ${encoded[0]?.dur} us`);
  });

  it('has every task inside its stage, on the clock of the main thread, and one task at a time on each worker', async () => {
    const { trace } = await made;
    const stages = new Map(lasting(trace, 'stage').map(stage => [stage.name, stage]));
    assert.deepEqual([...stages.keys()], ['start', 'walk', 'scan', 'plan', 'compress']);
    // The first Blocks are encoded while files are still read.
    for (const [cat, from, to] of [
      ['digest', 'scan', 'scan'],
      ['encode', 'scan', 'compress'],
    ] as const) {
      const [first, last] = [stages.get(from), stages.get(to)];
      const tasks = lasting(trace, cat);
      assert.ok(first !== undefined && last !== undefined && tasks.length > 1);
      // Clocks of threads are brought together by their origins, which are good to a millisecond or so.
      for (const task of tasks) assert.ok(task.ts > first.ts - 5000 && endOf(task) < endOf(last) + 5000, cat);
    }
    const workers = new Set([...lasting(trace, 'digest'), ...lasting(trace, 'encode')].map(({ tid }) => tid));
    assert.equal(workers.size, 2);
    for (const worker of workers) {
      const tasks = trace.traceEvents.filter((event): event is Lasting => event.ph === 'X' && event.tid === worker);
      tasks.sort((a, b) => a.ts - b.ts);
      tasks.slice(1).forEach((task, i) => {
        assert.ok(task.ts >= endOf(tasks[i] as Lasting), `worker ${worker}`);
      });
    }
  });

  it('counts what waits, never below nothing, and nothing at the end', async () => {
    const { trace } = await made;
    for (const name of ['tasks waiting for a worker', 'Blocks waiting to be written']) {
      const counts = trace.traceEvents.filter(event => event.ph === 'C' && event.name === name);
      const values = counts.map(({ args }) => Number(args['count']));
      assert.ok(values.length > 0 && Math.min(...values) === 0 && values.at(-1) === 0, `${name}: ${values}`);
    }
  });

  it('has a write for the Stream Header, each Block, the Index and the Stream Footer, the whole archive together', async () => {
    const { trace, blocks } = await made;
    const writes = lasting(trace, 'write');
    assert.equal(writes.length, blocks + 3);
    const bytes = writes.reduce((sum, { args }) => sum + Number(args['bytes']), 0);
    assert.equal(bytes, readFileSync(join(work, 'two.tar.xz')).length);
  });

  it('says how busy the workers were, and names every row', async () => {
    const { trace } = await made;
    const { jobs, utilisation } = trace.otherData;
    assert.equal(jobs, 2);
    const stages = Object.keys(utilisation);
    assert.ok(stages.includes('scan') && stages.includes('compress'), stages.join());
    for (const share of Object.values(utilisation)) assert.ok(share > 0 && share <= 1.001, String(share));
    const rows = trace.traceEvents.filter(event => event.name === 'thread_name').map(({ args }) => args['name']);
    assert.deepEqual(rows, ['stages', 'worker 1', 'worker 2', 'writes']);
  });

  it('says what each task of a Block did that all workers encoded together', async () => {
    const large = kernelTree(join(work, 'large'), { 'include/large.h': noise(3 * 2 ** 20, 1) });
    const shared = ['pack', large, '--preset', '0', '--arch', 'x86', '-q', '--block-size', '8MiB', '--jobs', '2'];
    const { trace, blocks } = await traceOf('shared', shared);
    const names = new Set(lasting(trace, 'shared').map(({ name }) => name));
    const steps = Array.from({ length: 6 }, (_, i) => `step ${i + 1}`);
    const expected = ['fill', ...steps, 'check', 'slice 1', 'slice 2', 'slice 3'];
    assert.deepEqual([...names].sort(), expected.sort());
    // The end of the tar is one task's alone, and is no Block 1.
    assert.deepEqual(
      lasting(trace, 'encode').map(({ name }) => name),
      ['Block'],
    );
    assert.equal(blocks, 2);
  });

  it('gives no number to the Blocks that were made where others were kept', async () => {
    const part = join(work, 'part');
    generateTree(part, { headers: 200, seed: 4 });
    const args = ['pack', part, ...ARGS.slice(2), '--cache', join(work, 'cache'), '--jobs', '1'];
    const env = { HOME: work, KHEADERS_PACK_CACHE: undefined };
    succeeded(await runCli([...args, '-o', join(work, 'part.tar.xz')], { env }));
    writeFileSync(join(part, 'include', 'zzz.h'), '#define ZZZ 1\n');
    const path = join(work, 'part.json');
    succeeded(await runCli([...args, '--trace', path, '-o', join(work, 'part.tar.xz')], { env }));
    const made = lasting(JSON.parse(readFileSync(path, 'utf8')), 'encode');
    assert.ok(made.length > 0);
    assert.deepEqual([...new Set(made.map(({ name }) => name))], ['Block']);
  });

  it('traces the recompression of a tar too', async () => {
    const { trace, blocks } = await traceOf('tar', ['--from-tar', join(work, 'two.tar.xz'), '--preset', '0', '-q']);
    assert.equal(lasting(trace, 'encode').length, blocks);
  });

  it('changes no byte of the archive', async () => {
    await made;
    const archives = [['--trace', join(work, 'again.json')], []].map((more, i) =>
      packed([...ARGS.slice(1), ...more], join(work, `again${i}.tar.xz`)),
    );
    assert.equal(...((await Promise.all(archives)) as [string, string]));
  });

  it('is there whole or not at all: a pack that fails leaves the old trace, and no temporary file', async () => {
    const out = join(work, 'failing');
    mkdirSync(out);
    writeFileSync(join(out, 'trace.json'), 'old');
    const missing = join(work, 'no-such-directory', 'k.tar.xz');
    await runIntoTrouble([...ARGS, '--trace', join(out, 'trace.json'), '-o', missing], /Cannot write .*no-such-dir/);
    assert.equal(readFileSync(join(out, 'trace.json'), 'utf8'), 'old');
    assertHoldsOnly(out, ['trace.json']);
  });

  it('that cannot be written stops the pack before the archive is touched', async () => {
    const out = join(work, 'unwritable');
    mkdirSync(out);
    const archive = join(out, 'k.tar.xz');
    writeFileSync(archive, 'old');
    await runIntoTrouble(
      [...ARGS, '--trace', join(work, 'nowhere', 't.json'), '-o', archive],
      /Cannot write .*t\.json/,
    );
    assert.equal(readFileSync(archive, 'utf8'), 'old');
    assertHoldsOnly(out, ['k.tar.xz']);
  });

  it('has a file of its own', async () => {
    const file = join(work, 'one');
    await runIntoTrouble([...ARGS, '--trace', file, '-o', file], /Cannot use --trace .*one with -o .*one: both/);
    await runIntoTrouble([...ARGS, '--trace', file, `--json=${file}`, '-o', join(work, 'k')], /same file/);
    await runIntoTrouble([...ARGS, '--trace', '-', '-o', '-'], /both would use standard output/);
    await runIntoTrouble([...ARGS, '--trace', file, '--dry-run'], /Cannot use --dry-run with --trace/);
  });
});
