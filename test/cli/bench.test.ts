import assert from 'node:assert/strict';
import { chmodSync, existsSync, mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, describe, it } from 'node:test';
import { generateTree } from '../../corpus/synthetic.js';
import type { BenchResult } from '../../src/measure/result.js';
import { succeeded } from '../support/archive.js';
import { ended, runCli, startCli } from '../support/cli.js';
import { kernelTree } from '../support/kernelTree.js';
import { preload } from '../support/preload/preload.js';
import { scratch } from '../support/scratch.js';
import { sha256, snapshot } from '../support/snapshot.js';
import { unless } from '../support/tools.js';
import { runIntoTrouble } from '../support/trouble.js';

const work = scratch({ after });
const tree = join(work, 'tree');
generateTree(tree, { headers: 60, seed: 5 });

/** A room for the temporary files of one run, so that what is left there can be seen. */
function roomFor(name: string): { TMPDIR: string } {
  mkdirSync(join(work, name));
  return { TMPDIR: join(work, name) };
}

describe('kheaders-pack bench', () => {
  it('measures every combination in turns, on the tree, and leaves nothing but its results', {
    skip: unless('xz'),
  }, async () => {
    const env = roomFor('sweep');
    const args = ['bench', tree, '--jobs', '1,2', '--preset', '0,1', '--repetitions', '2', '--peers', 'xz', '--json'];
    const { stdout } = succeeded(await runCli([...args, '--csv', join(work, 'r.csv')], { env }));
    const result: BenchResult = JSON.parse(stdout.toString());
    const ours = result.contenders.filter(({ kind }) => kind === 'ours');
    assert.deepEqual(
      ours.map(({ name }) => name),
      [0, 1].flatMap(preset => [1, 2].map(jobs => `kheaders-pack --preset ${preset} --jobs ${jobs}`)),
    );
    for (const each of result.contenders) {
      assert.equal(each.seconds.count, 2);
      assert.equal(each.digests.length, 1);
      assert.ok(each.cpuSeconds.median > 0 && each.bytes > 0 && each.peakMemory > 0, each.name);
      assert.ok(each.decode !== null && each.decode.seconds.median > 0, each.name);
    }
    assert.equal(ours[0]?.digests[0], ours[1]?.digests[0]);
    const archive = join(work, 'same.tar.xz');
    succeeded(await runCli([tree, '--preset', '0', '--arch', 'x86', '-q', '-o', archive]));
    assert.equal(ours[0]?.digests[0], sha256(readFileSync(archive)));
    assert.equal(result.contenders.length - ours.length, 4);
    assert.ok(result.contenders.some(({ isOnFront }) => isOnFront));
    const lines = readFileSync(join(work, 'r.csv'), 'utf8').split('\r\n');
    assert.equal(lines.length, 1 + result.contenders.length + 1);
    assert.match(lines[0] ?? '', /^name,kind,.*,axis_preset,axis_jobs$/);
    assert.deepEqual(readdirSync(env.TMPDIR), []);
    assert.ok(!existsSync(join(work, 'r.csv.runs')));
  });

  it('draws a page and pictures, with a run of ours thread by thread', async () => {
    const env = roomFor('report');
    const page = join(work, 'report.html');
    const args = ['bench', tree, '--preset', '0,1', '--jobs', '1,2', '--repetitions', '1', '-q', '--report', page];
    writeFileSync(join(work, 'file'), '');
    await runIntoTrouble([...args, '--svg', join(work, 'file')], /Cannot write ".*\/file": not a directory$/);
    assert.ok(!existsSync(page), 'measured first');
    const { stdout } = succeeded(await runCli([...args, '--svg', join(work, 'svg')], { env }));
    assert.match(stdout.toString(), /kheaders-pack --preset 0 --jobs 1/);
    assert.equal((readFileSync(page, 'utf8').match(/<figure /g) ?? []).length, 5);
    const pictures = readdirSync(join(work, 'svg')).sort();
    assert.deepEqual(pictures, ['queues.svg', 'scaling.svg', 'size-time.svg', 'stages.svg', 'workers.svg']);
    assert.deepEqual(readdirSync(env.TMPDIR), []);
  });

  it('gives standard output, and each file, to one result', async () => {
    const args = ['bench', tree, '--repetitions', '1'];
    const twice = /Cannot use --csv - with --json: both would use standard output \(use --csv FILE\)$/;
    await runIntoTrouble([...args, '--json', '--csv', '-'], twice);
    const file = join(work, 'one');
    symlinkSync(file, join(work, 'link'));
    for (const path of [file, join(work, 'link')]) {
      const same = /Cannot use --report .* with --csv .*: both would be written to the same file$/;
      await runIntoTrouble([...args, '--csv', file, '--report', path], same);
    }
    assert.ok(!existsSync(file));
  });

  it('names the result that cannot be written, before anything is measured', async () => {
    for (const option of ['--json=', '--csv=', '--report=']) {
      const args = ['bench', tree, '--repetitions', '1', `--csv=${join(work, 'apart.csv')}`, `${option}${work}/none/x`];
      await runIntoTrouble(args, /Cannot write ".*\/none\/x": no such file or directory$/);
    }
    assert.ok(!readdirSync(work).some(name => name.startsWith('apart.csv') || name.startsWith('.tmp')));
  });

  it('goes on from the runs that an interrupted sweep has kept', async () => {
    const runs = join(work, 'kept.runs');
    const env = roomFor('interrupted');
    const args = ['bench', tree, '--preset', '0', '--jobs', '1', '--resume', runs, '--json'];
    const child = startCli([...args, '--repetitions', '1000'], { env });
    const end = ended(child);
    while (!existsSync(runs) || readFileSync(runs, 'utf8').split('\n').length < 4) {
      await new Promise(resolve => setTimeout(resolve, 20));
    }
    child.kill('SIGTERM');
    const { signal, stderr } = await end;
    assert.equal(signal, 'SIGTERM');
    assert.deepEqual(readdirSync(env.TMPDIR), []);
    const kept = readFileSync(runs, 'utf8').trimEnd().split('\n').length - 1;
    assert.ok(kept >= 2);
    assert.ok(stderr.endsWith(`\nRuns kept in "${runs}": ${kept} (the same command goes on from there)\n`), stderr);
    const { stdout } = succeeded(await runCli([...args, '--repetitions', String(kept + 1)]));
    const result: BenchResult = JSON.parse(stdout.toString());
    assert.equal(result.contenders[0]?.seconds.count, kept + 1);
    assert.equal(readFileSync(runs, 'utf8').trimEnd().split('\n').length - 1, kept + 1);
    const refused = await runCli([...args, '--jobs', '2']);
    assert.match(refused.stderr, /^kheaders-pack: Cannot resume from .*kept\.runs/m);
    assert.equal(JSON.parse(refused.stdout.toString()).error.code, 'E_RUNS');
  });

  it('compresses a given tar, so that only the encoders are compared', { skip: unless('xz') }, async () => {
    const archive = join(work, 'given.tar.xz');
    succeeded(await runCli([tree, '--strip', 'none', '--arch', 'x86', '-q', '-o', archive]));
    const args = ['bench', '--from-tar', archive, '--preset', '1', '--repetitions', '1', '--peers', 'xz', '--json'];
    const { contenders, input }: BenchResult = JSON.parse(succeeded(await runCli(args)).stdout.toString());
    assert.deepEqual(new Set(contenders.map(({ tarBytes }) => tarBytes)), new Set([input.tarBytes]));
    assert.equal(input.kind, 'tar');
  });

  it('prints a table, smallest first, and says on what it was measured', async () => {
    const args = ['bench', tree, '--preset', '0,6', '--jobs', '1', '--repetitions', '1'];
    const { stdout, stderr } = succeeded(await runCli(args));
    const rows = stdout.toString().split('\n');
    const bytes = rows.slice(1, 3).map(row => Number(/(\d+) /.exec(row)?.[1]));
    assert.ok((bytes[0] ?? 0) < (bytes[1] ?? 0), stdout.toString());
    assert.match(rows[1] ?? '', /^\*.* kheaders-pack --preset 6 --jobs 1$/);
    assert.match(stdout.toString(), /, which peers compress, has [\d,]+ bytes, sha256 [\da-f]{64}/);
    assert.match(stderr, /^Packing /);
    assert.equal(succeeded(await runCli([...args, '--quiet'])).stderr, '');
  });

  it('spends a time where the front is in doubt, and ends', async () => {
    const args = ['bench', tree, '--preset', '0,1', '--jobs', '1', '--time', '5s', '--json', '-q'];
    const start = performance.now();
    const { contenders }: BenchResult = JSON.parse(succeeded(await runCli(args)).stdout.toString());
    assert.ok((performance.now() - start) / 1000 < 60);
    assert.ok(contenders.every(({ seconds }) => seconds.count >= 1));
  });

  it('refuses peers that nobody knows or that are not there, before anything is packed', async () => {
    const args = ['bench', tree, '--repetitions', '1', '--peers'];
    await runIntoTrouble([...args, 'xz,rar'], /Invalid value "rar" for --peers: expected none, all or some of gen_kh/);
    const env = { PATH: join(work, 'empty') };
    await runIntoTrouble([...args, 'zstd'], /Invalid value "zstd" for --peers: .*not on the PATH/, { env });
    await runIntoTrouble([...args, 'gen_kheaders.sh'], /the tree has no kernel\/gen_kheaders\.sh/);
  });

  it("runs the tree's own gen_kheaders.sh as kbuild does, and leaves the trees as they are", {
    skip: unless('sh', 'find', 'cpio', 'perl', 'tar', 'xz'),
  }, async () => {
    const script = [
      '#!/bin/sh',
      'set -e',
      // What the kernel's script relies on, and where it writes; the second run finds no state of the first.
      '[ "$SRCARCH" = x86 ] && [ "$building_out_of_srctree" = 1 ] && [ "$KBUILD_BUILD_TIMESTAMP" = @7 ]',
      '[ ! -e kernel/kheaders.md5 ] && echo state > kernel/kheaders.md5',
      '[ -f include/generated/made.h ] && [ -f "$srctree/include/linux/least.h" ] && [ -d arch/x86/include/ ]',
      'tar -I "$XZ" -cf "$1" -C "$srctree" include',
    ];
    const source = kernelTree(join(work, 'source'), { 'kernel/gen_kheaders.sh': `${script.join('\n')}\n` });
    const made = { 'include/generated/made.h': '#define MADE 1\n', 'arch/x86/include/generated/asm/made.h': '\n' };
    const object = kernelTree(join(work, 'object'), made);
    const before = [snapshot(source), snapshot(object)];
    const args = ['bench', source, '--objtree', object, '--mtime', '@7', '--jobs', '1', '--repetitions', '2', '--json'];
    const ended = succeeded(await runCli([...args, '--peers', 'gen_kheaders.sh', '-q']));
    const { contenders }: BenchResult = JSON.parse(ended.stdout.toString());
    assert.deepEqual(
      contenders.map(({ kind, seconds }) => [kind, seconds.count]),
      [
        ['ours', 2],
        ['peer', 2],
      ],
    );
    assert.equal(contenders[1]?.digests.length, 1);
    assert.deepEqual([snapshot(source), snapshot(object)], before);
  });

  it('fails with the name of a peer that fails', async () => {
    const bin = join(work, 'bin');
    mkdirSync(bin);
    writeFileSync(join(bin, 'zstd'), '#!/bin/sh\n[ "$1" = --version ] || { echo "out of luck" >&2; exit 7; }\n');
    chmodSync(join(bin, 'zstd'), 0o755);
    const env = { PATH: `${bin}:${process.env['PATH']}`, ...roomFor('failing') };
    const args = ['bench', tree, '--preset', '0', '--repetitions', '1', '--peers', 'zstd', '-q'];
    await runIntoTrouble(args, /Cannot measure "zstd -19.*exit code 7, out of luck/, { env });
    assert.deepEqual(readdirSync(env.TMPDIR), []);
  });

  it('ends as the signal would that ended what it measures, where somebody wants all of it to end', async () => {
    const args = ['bench', tree, '--preset', '0', '--jobs', '1', '--repetitions', '1', '-q'];
    for (const signal of ['SIGINT', 'SIGTERM'] as const) {
      const env = { ...roomFor(signal), ...preload('dyingWorker'), DIE_HOW: signal, DIE_IN: '--no-cache' };
      const end = await runCli(args, { env });
      assert.deepEqual([end.signal, end.stderr, readdirSync(env.TMPDIR)], [signal, '', []]);
    }
    const env = { ...preload('dyingWorker'), DIE_HOW: 'SIGSEGV', DIE_IN: '--no-cache' };
    await runIntoTrouble(args, /Cannot measure "the first pack": signal SIGSEGV$/, { env });
  });

  it('finds that the same settings gave different archives, and says so with exit code 1', async () => {
    // A run that was kept with another digest: that is how a packer that is not reproducible would have left it.
    const runs = join(work, 'differing.runs');
    const args = ['bench', tree, '--preset', '0', '--jobs', '1', '--resume', runs, '--json', '-q'];
    succeeded(await runCli([...args, '--repetitions', '1']));
    writeFileSync(runs, readFileSync(runs, 'utf8').replace(/"digest":"[^"]*"/, `"digest":"${sha256('another')}"`));
    const { code, stdout, stderr } = await runCli([...args, '--repetitions', '2']);
    assert.equal(code, 1, stderr);
    const { contenders, notices }: BenchResult = JSON.parse(stdout.toString());
    assert.equal(contenders[0]?.digests.length, 2);
    assert.match(notices.join('\n'), /The same settings gave \d different archives: kheaders-pack/);
  });
});
