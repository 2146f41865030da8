import assert from 'node:assert/strict';
import { mkdirSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { after, describe, it } from 'node:test';
import { generateTree } from '../../corpus/synthetic.js';
import { succeeded } from '../support/archive.js';
import { PROGRAM, run, runCli } from '../support/cli.js';
import { dryRun } from '../support/plan.js';
import { scratch } from '../support/scratch.js';
import { sha256, snapshot } from '../support/snapshot.js';
import { unless } from '../support/tools.js';

const ESCAPE = String.fromCharCode(0x1b);
/** Select Graphic Rendition: the sequences that colour. */
const COLOURS = new RegExp(`${ESCAPE}\\[[\\d;]*m`);

const work = scratch({ after });
const tree = join(work, 'tree');
generateTree(tree, { headers: 120, seed: 9 });
const out = join(work, 'out');
mkdirSync(out);
const archive = join(out, 'k.tar.xz');
const ARGS = [tree, '--preset', '0', '--block-size', '64KiB', '--jobs', '2'];

describe('standard error', () => {
  it('says nothing with --quiet when all goes well, and the error alone when not', async () => {
    const quiet = succeeded(await runCli([...ARGS, '-q', '-o', archive, '--mtime', '2023-11-14']));
    assert.deepEqual([quiet.stdout.length, quiet.stderr], [0, '']);
    const { stderr } = await runCli([...ARGS, '-q', '-o', out]);
    assert.match(stderr, /^kheaders-pack: Cannot write .*\n$/);
  });

  it('may be full, or have no reader any more: all is done, and the exit code is as ever', async () => {
    const told = [...ARGS, '-v', '-o', archive];
    const lines = [
      told,
      ['verify', archive, tree, '--preset', '0'],
      ['extract', archive, '-v', '-C', join(work, 'told')],
    ];
    const expected = sha256(succeeded(await runCli(['pack', ...ARGS, '-q', '-o', '-'])).stdout);
    for (const where of ['2>/dev/full', '2>&1 >/dev/null | true']) {
      for (const line of lines) {
        const script = `{ "$@"; echo $? > '${join(work, 'code')}'; } ${where}`;
        succeeded(await run('sh', ['-c', script, 'sh', process.execPath, PROGRAM, ...line]));
        assert.equal(readFileSync(join(work, 'code'), 'utf8'), '0\n', `${line[0]} ${where}`);
      }
      assert.equal(sha256(readFileSync(archive)), expected);
      assert.ok(Object.keys(snapshot(join(work, 'told'))).length > 120);
      rmSync(join(work, 'told'), { recursive: true });
      rmSync(archive);
    }
  });

  it('has no warning of Node where many threads share a pipe on standard output', async () => {
    assert.equal(succeeded(await runCli([tree, '-q', '--jobs', '16', '-o', '-'])).stderr, '');
  });

  it('names the trees chosen, then closes with three lines: files and bytes, time and memory, digest', async () => {
    const { stdout, stderr } = succeeded(await runCli([...ARGS, '-o', archive]));
    assert.equal(stdout.length, 0);
    const [first, ...closing] = stderr.trimEnd().split('\n');
    assert.equal(first, `Packing ${tree} (profile headers, arch x86)`);
    assert.equal(closing.length, 3);
    assert.match(
      closing[0] ?? '',
      /^\d+ files \(\d+ as hard links\), 4 symbolic links: .* in \d+ Blocks -> [\d,]+ bytes \(/,
    );
    assert.match(
      closing[1] ?? '',
      /^[\d.]+ s, [\d.]+ CPU s, 2 jobs, peak memory .* MiB, codec radix\/2 \(WebAssembly build\)$/,
    );
    assert.equal(closing[2], `sha256 ${sha256(readFileSync(archive))}  ${archive}`);
  });

  it('says with --verbose where the time and the memory went', async () => {
    const { stderr } = succeeded(await runCli([...ARGS, '-v', '-o', archive]));
    for (const expected of ['walk', 'scan', 'plan', 'compress', 'total'].map(stage => `  ${stage} `)) {
      assert.ok(stderr.includes(`\n${expected}`), expected);
    }
    assert.match(stderr, /^Worker seconds: read .*, encode .*$/m);
    assert.match(stderr, /^LZMA2: dictionary 64\.0 KiB, lc=4, lp=0, pb=0, mode=fast,.*; check crc64;/m);
    assert.match(stderr, /^Memory: at most .* by the formula/m);
  });

  it('says once that a time stamp without a zone is taken as UTC, and not when it has one', async () => {
    const noticesFor = async (env: Record<string, string>, ...args: string[]): Promise<number> =>
      (await dryRun([...ARGS, ...args], { env })).stderr.split('taken as UTC').length - 1;
    assert.equal(await noticesFor({}, '--mtime', '2023-11-14 22:13:20'), 1);
    assert.equal(await noticesFor({ KBUILD_BUILD_TIMESTAMP: '2023-11-14' }), 1);
    assert.equal(await noticesFor({ KBUILD_BUILD_TIMESTAMP: '2023-11-14' }, '--mtime', '@1'), 0);
    assert.equal(await noticesFor({}, '--mtime', '2023-11-14T22:13:20Z'), 0);
    assert.equal(await noticesFor({ SOURCE_DATE_EPOCH: '1' }), 0);
  });

  it('shows progress on a terminal, without colours, and nowhere else', { skip: unless('script') }, async () => {
    const words = [process.execPath, PROGRAM, ...ARGS, '-o', archive].map(word => `'${word}'`).join(' ');
    for (const env of [{ NO_COLOR: '1' }, {}]) {
      const { stdout } = succeeded(await run('script', ['-qec', words, '/dev/null'], { input: '', env }));
      assert.match(stdout.toString(), /Finding headers/);
      assert.doesNotMatch(stdout.toString(), COLOURS);
    }
    const { stderr } = succeeded(await runCli([...ARGS, '-o', archive]));
    assert.ok(!stderr.includes(ESCAPE));
    assert.doesNotMatch(stderr, /Finding headers|\r/);
  });
});

describe("the entries' time stamp", { skip: unless('tar', 'xz') }, () => {
  it('is --mtime, else KBUILD_BUILD_TIMESTAMP, else SOURCE_DATE_EPOCH, else 0; an empty variable is unset', async () => {
    const both = { KBUILD_BUILD_TIMESTAMP: 'Tue Nov 14 22:13:20 UTC 2023', SOURCE_DATE_EPOCH: '5' };
    const cases = [
      [['--mtime', '@9.75'], both, 9],
      [[], both, 1_700_000_000],
      [[], { ...both, KBUILD_BUILD_TIMESTAMP: '' }, 5],
      [[], { KBUILD_BUILD_TIMESTAMP: '', SOURCE_DATE_EPOCH: '' }, 0],
      [['--mtime', '@8589934591'], {}, 8_589_934_591],
    ] as const;
    for (const [args, env, expected] of cases) {
      assert.equal((await dryRun([...ARGS, ...args], { env })).plan.mtime, expected);
    }
    succeeded(await runCli([...ARGS, '-q', '-o', archive], { env: both }));
    const listing = await run('tar', ['--full-time', '--utc', '-tvf', archive], { env: { TZ: 'UTC' } });
    const lines = succeeded(listing).stdout.toString().trimEnd().split('\n');
    assert.ok(lines.every(line => line.includes(' 0/0 ') && line.includes(' 2023-11-14 22:13:20 ')));
  });
});

it('nothing but the archive was written beside the tree', () => {
  assert.ok(readdirSync(out).every(name => name === 'k.tar.xz'));
  assert.ok(Object.keys(snapshot(tree)).every(path => !path.includes('.tmp_') && !path.endsWith('.xz')));
});
