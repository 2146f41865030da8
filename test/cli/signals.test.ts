import assert from 'node:assert/strict';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, describe, it, type TestContext } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { ended, PROGRAM, run, start, startCli } from '../support/cli.js';
import { kernelTree, noise } from '../support/kernelTree.js';
import { assertHoldsOnly } from '../support/litter.js';
import { scratch } from '../support/scratch.js';
import { unless } from '../support/tools.js';

const SIGNALS = { SIGHUP: 129, SIGINT: 130, SIGTERM: 143 } as const;

const work = scratch({ after });
const NOISE = noise(2 ** 20, 3);
/** Twenty MiB that are slow to compress: seconds of work, so that a signal comes in the middle of it. */
const tree = kernelTree(
  join(work, 'tree'),
  Object.fromEntries(Array.from({ length: 20 }, (_, i) => [`include/linux/n${i}.h`, NOISE])),
);
const SLOW = [
  tree,
  '-q',
  '--no-dedup',
  '--codec',
  'liblzma',
  '--block-size',
  '64KiB',
  '--lzma2',
  'preset=6,depth=1000,nice=273',
  '--jobs',
  '1',
];

/** An output directory that holds an archive. */
function output(t: TestContext): string {
  const out = join(scratch(t), 'out');
  mkdirSync(out);
  writeFileSync(join(out, 'k.tar.xz'), 'the archive before');
  return out;
}

/** Waits until the new archive is partly written. */
async function untilWriting(out: string, child: ChildProcess): Promise<void> {
  const isWriting = (): boolean =>
    readdirSync(out).some(name => name.startsWith('.tmp_k.tar.xz.') && statSync(join(out, name)).size > 100_000);
  while (!isWriting()) {
    assert.equal(child.exitCode, null, 'it was over before anything could be seen of it');
    await sleep(2);
  }
}

function assertUntouched(out: string): void {
  assertHoldsOnly(out, ['k.tar.xz']);
  assert.equal(readFileSync(join(out, 'k.tar.xz'), 'utf8'), 'the archive before');
}

describe('a signal in the middle of the work removes the new file, keeps the old one, says nothing and ends the program:', () => {
  for (const [signal, code] of Object.entries(SIGNALS)) {
    it(`${signal}, of which it dies`, async t => {
      const out = output(t);
      const child = startCli([...SLOW, '-o', join(out, 'k.tar.xz')]);
      const end = ended(child);
      await untilWriting(out, child);
      child.kill(signal as NodeJS.Signals);
      const { stderr, ...how } = await end;
      assert.deepEqual([how.code, how.signal, stderr], [null, signal, '']);
      assertUntouched(out);
    });

    it(`${signal}, which a shell sees as ${code}`, { skip: unless('sh') }, async t => {
      const out = output(t);
      const script = '"$@" & echo $!; wait $!; echo $?';
      const shell = start('sh', ['-c', script, 'sh', process.execPath, PROGRAM, ...SLOW, '-o', join(out, 'k.tar.xz')]);
      const end = ended(shell);
      const pid = once(shell.stdout ?? shell, 'data').then(([line]) => Number(line));
      await untilWriting(out, shell);
      process.kill(await pid, signal);
      const lines = (await end).stdout.toString().trim().split('\n');
      assert.deepEqual(lines, [String(await pid), String(code)]);
      assertUntouched(out);
    });
  }
});

it('a signal also ends a program whose reader does not read', async t => {
  const child = startCli([...SLOW, '-o', '-']);
  t.after(() => child.kill('SIGKILL'));
  if (child.stdout !== null) await once(child.stdout, 'readable');
  // The pipe is full by now, or will be; nothing takes anything out of it.
  child.stdout?.pause();
  const end = once(child, 'exit', { signal: AbortSignal.timeout(60_000) });
  await sleep(300);
  child.kill('SIGTERM');
  assert.deepEqual(await end, [null, 'SIGTERM']);
});

describe('a reader that goes away', { skip: unless('sh', 'head') }, () => {
  /** Pipes the program into `head`; its exit code is the last line of standard error. */
  async function intoHead(args: readonly string[]): Promise<{ stdout: Buffer; lines: string[] }> {
    const script = '{ "$@"; echo $? >&2; } | head -c 10';
    const { stdout, stderr } = await run('sh', ['-c', script, 'sh', process.execPath, PROGRAM, ...args]);
    return { stdout, lines: stderr.trimEnd().split('\n') };
  }

  it('ends the program with 141 and without a word: the archive is not whole', async () => {
    const { stdout, lines } = await intoHead([...SLOW, '-o', '-']);
    assert.deepEqual(lines, ['141']);
    assert.equal(stdout.subarray(0, 6).toString('hex'), 'fd377a585a00');
  });

  it('is no trouble to speak of with --dry-run either', async () => {
    const many = kernelTree(
      join(work, 'many'),
      Object.fromEntries(Array.from({ length: 2000 }, (_, i) => [`include/linux/${'n'.repeat(60)}-${i}.h`, ''])),
    );
    const { lines } = await intoHead([many, '-q', '-n']);
    assert.deepEqual(lines, ['141']);
  });

  it('is no trouble to speak of with --help and --version', async () => {
    for (const option of ['--help', '--version']) {
      const script = '{ sleep 0.3; "$@"; echo $? >&2; } | true';
      const { stderr } = await run('sh', ['-c', script, 'sh', process.execPath, PROGRAM, option]);
      assert.equal(stderr, '141\n', option);
    }
  });
});
