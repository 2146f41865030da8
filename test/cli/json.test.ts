import assert from 'node:assert/strict';
import { existsSync, mkdirSync, readFileSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, describe, it } from 'node:test';
import type { PackSummary } from 'kheaders-pack';
import { generateTree } from '../../corpus/synthetic.js';
import { namesOf, succeeded, tarOf } from '../support/archive.js';
import { run, runCli } from '../support/cli.js';
import { assertHoldsOnly } from '../support/litter.js';
import { scratch } from '../support/scratch.js';
import { sha256, snapshot } from '../support/snapshot.js';
import { unless } from '../support/tools.js';

const work = scratch({ after });
const tree = join(work, 'tree');
generateTree(tree, { headers: 120, seed: 9 });
const out = join(work, 'out');
mkdirSync(out);
const archive = join(out, 'k.tar.xz');
const ARGS = [tree, '--preset', '0', '--block-size', '64KiB', '--jobs', '2'];

/** The type of each value, objects opened: what a stable schema promises. */
function shapeOf(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(shapeOf);
  if (typeof value !== 'object' || value === null) return value === null ? 'null' : typeof value;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, shapeOf(inner)]));
}

function selectedSizes(): number[] {
  return Object.entries(snapshot(tree))
    .filter(([path, what]) => /^(include|arch\/x86\/include)\/.*\.h$/.test(path) && what.startsWith('file'))
    .map(([path]) => statSync(join(tree, path)).size);
}

const STAGES = { walk: 'number', scan: 'number', plan: 'number', compress: 'number', total: 'number' };

describe('--json', () => {
  const ran = runCli([...ARGS, '--json', '-o', archive]);
  const summary = ran.then(({ stdout }): PackSummary => JSON.parse(stdout.toString()));

  it('prints one object with the documented fields', async () => {
    assert.deepEqual(shapeOf(await summary), {
      schema: 'string',
      tool: { name: 'string', version: 'string' },
      settings: {
        strip: 'string',
        symvers: 'boolean',
        listed: 'boolean',
        order: 'string',
        dedup: 'boolean',
        mtime: 'number',
        blockSize: 'number',
        encoding: {
          codec: { name: 'string', version: 'string' },
          lzma2: {
            dictionarySize: 'number',
            lc: 'number',
            lp: 'number',
            pb: 'number',
            mode: 'string',
            niceLength: 'number',
            matchFinder: 'string',
            depth: 'number',
          },
          check: 'string',
        },
        profile: 'string',
        kernels: [{ name: 'string', srcarch: 'string' }],
        include: [],
        exclude: [],
      },
      codecBuild: 'string',
      jobs: 'number',
      output: 'string',
      digest: 'string',
      files: {
        entries: 'number',
        regular: 'number',
        hardLinks: 'number',
        symbolicLinks: 'number',
        directories: 'number',
      },
      bytes: { raw: 'number', stripped: 'number', deduplicated: 'number', tar: 'number', archive: 'number' },
      cache: 'null',
      blocks: 'number',
      seconds: STAGES,
      cpuSeconds: STAGES,
      workSeconds: {
        read: 'number',
        strip: 'number',
        digest: 'number',
        tar: 'number',
        encode: 'number',
        check: 'number',
      },
      memoryBound: 'number',
      peakMemory: 'number',
    });
    assert.equal((await summary).schema, 'kheaders-pack/summary/1');
  });

  it('states the settings that were asked for', async () => {
    const { settings, jobs, output } = await summary;
    const { profile, kernels, strip, order, dedup, mtime, blockSize, encoding } = settings;
    assert.deepEqual(
      [profile, kernels, strip, order, dedup, mtime],
      ['headers', [{ name: '', srcarch: 'x86' }], 'comments', 'files-first', true, 0],
    );
    assert.deepEqual([blockSize, encoding.check, encoding.lzma2.dictionarySize], [65_536, 'crc64', 65_536]);
    assert.deepEqual([jobs, output], [2, archive]);
  });

  it('agrees with the archive: digest, size, Blocks, bytes of tar, entries', {
    skip: unless('xz', 'tar'),
  }, async () => {
    const { digest, bytes, blocks, files } = await summary;
    assert.equal(digest, sha256(readFileSync(archive)));
    assert.equal(bytes.archive, statSync(archive).size);
    const list = succeeded(await run('xz', ['-l', '--robot', archive])).stdout.toString();
    const row = list
      .split('\n')
      .find(line => line.startsWith('file\t'))
      ?.split('\t');
    assert.deepEqual([row?.[2], row?.[3], row?.[4]], [blocks, bytes.archive, bytes.tar].map(String));
    assert.equal((await tarOf(archive)).length, bytes.tar);
    const names = await namesOf(archive);
    assert.equal(names.length, files.entries);
    assert.equal(names.filter(name => name.endsWith('/')).length, files.directories);
    const { regular, hardLinks, symbolicLinks, directories } = files;
    assert.equal(regular + hardLinks + symbolicLinks + directories, files.entries);
  });

  it('agrees with the tree: files, links, bytes on disk, and what stripping and dedup saved', async () => {
    const { files, bytes } = await summary;
    const sizes = selectedSizes();
    assert.equal(files.regular + files.hardLinks, sizes.length);
    assert.equal(files.symbolicLinks, 4);
    assert.equal(
      bytes.raw,
      sizes.reduce((sum, size) => sum + size, 0),
    );
    assert.ok(bytes.stripped < bytes.raw);
    const without = JSON.parse(
      succeeded(
        await runCli([...ARGS, '--no-dedup', '--json', '-q', '-o', join(work, 'no-dedup.tar.xz')]),
      ).stdout.toString(),
    );
    assert.equal(without.bytes.deduplicated, 0);
    assert.ok(bytes.deduplicated > 0);
    assert.equal(without.files.regular, files.regular + files.hardLinks);
  });

  it('leaves the words to standard error, and --quiet takes those away too', async () => {
    assert.match((await ran).stderr, /^Packing /);
    const { stdout, stderr } = succeeded(await runCli([...ARGS, '--json', '-q', '-o', archive]));
    assert.equal(stderr, '');
    assert.equal(JSON.parse(stdout.toString()).digest, (await summary).digest);
  });

  it('=FILE goes to the file, whole, and leaves standard output to the archive', async () => {
    const { stdout } = succeeded(await runCli([...ARGS, '-q', '--json=summary.json', '-o', '-'], { cwd: out }));
    const written: PackSummary = JSON.parse(readFileSync(join(out, 'summary.json'), 'utf8'));
    assert.equal(written.digest, sha256(stdout));
    assert.equal(written.output, null);
    assertHoldsOnly(out, ['k.tar.xz', 'summary.json']);
  });

  it('does not swallow the argument behind it', async () => {
    const { stdout } = succeeded(await runCli(['--json', ...ARGS, '-q', '-o', archive]));
    assert.equal(JSON.parse(stdout.toString()).schema, 'kheaders-pack/summary/1');
  });
});

describe('--json after a failure', () => {
  const missing = join(work, 'missing.tar.xz');
  const damaged = join(work, 'damaged.tar.xz');
  writeFileSync(damaged, 'no xz');
  const file = join(work, 'failure.json');

  async function failureOf(args: readonly string[], expected: number): Promise<Record<string, unknown>> {
    const { code: exitCode, stdout, stderr } = await runCli([...args, '--json']);
    assert.equal(exitCode, expected);
    const { schema, error, ...rest } = JSON.parse(stdout.toString());
    assert.deepEqual([schema, rest], ['kheaders-pack/failure/1', {}]);
    assert.equal(stderr, `kheaders-pack: ${error.message}\n`);
    return error;
  }

  it('has the code and what it concerns, of each command whose answer is a report', async () => {
    for (const args of [
      ['verify', missing],
      ['verify', '--vary', missing, tree],
      ['diff', missing, missing],
      ['list', missing],
      ['extract', missing],
      ['module', missing, '-C', join(work, 'module')],
    ]) {
      const { code, facts } = await failureOf(args, 2);
      assert.deepEqual(
        [code, facts],
        ['E_READ', { path: missing, reason: 'no such file or directory' }],
        args.join(' '),
      );
    }
    const { code } = await failureOf(['cache', 'verify', '--cache', join(work, 'no-cache')], 2);
    assert.equal(code, 'E_CACHE');
    const noTree = join(work, 'missing');
    for (const args of [['pack'], ['pack', '--dry-run'], ['bench']]) {
      const { code, facts } = await failureOf([...args, noTree], 2);
      assert.deepEqual(
        [code, facts],
        ['E_TREE', { path: noTree, reason: 'no such file or directory' }],
        args.join(' '),
      );
    }
    assert.equal((await failureOf(['kbuild', '-'], 2))['code'], 'E_OPTION_VALUE');
  });

  it('has it where options contradict each other', async () => {
    for (const [first, second, ...args] of [
      ['--quiet', '--verbose', 'extract', '-q', '-v', archive],
      ['--quiet', '--verbose', 'pack', '-q', '-v', tree, '-o', archive],
      ['--json', '--archive-to', 'extract', archive, '--archive-to', join(work, 'cut.tar.xz')],
    ] as const) {
      const { code, facts } = await failureOf(args, 2);
      const { first: one, second: other } = facts as Record<string, unknown>;
      assert.deepEqual([code, one, other], ['E_OPTION_CONFLICT', first, second]);
    }
  });

  it('goes with the exit code of its error: 1 where a module would have a damaged archive', async () => {
    assert.equal((await failureOf(['module', damaged, '-C', join(work, 'module')], 1))['code'], 'E_BAD_XZ');
  });

  it('has it where an archive is too damaged to be compared, which is trouble', async () => {
    const { code } = await failureOf(['diff', damaged, damaged], 2);
    assert.equal(code, 'E_BAD_XZ');
  });

  it('is not told instead of the failure where it cannot be written', {
    skip: existsSync('/dev/full') ? false : 'no /dev/full',
  }, async () => {
    for (const args of [
      ['verify', missing],
      ['extract', damaged, '-C', join(work, 'nowhere')],
    ]) {
      const { stderr } = await runCli([...args, '--json=/dev/full']);
      assert.match(stderr, /^kheaders-pack: (Cannot read|Bad archive) ".*"/);
    }
  });

  it('goes to the file that was named, but for a listing and a sweep, which are whole or not there', async () => {
    for (const args of [
      ['verify', missing],
      ['pack', missing, '-o', archive],
    ]) {
      const { code: exitCode, stdout } = await runCli([...args, `--json=${file}`]);
      assert.deepEqual([exitCode, stdout.length], [2, 0]);
      assert.equal(JSON.parse(readFileSync(file, 'utf8')).schema, 'kheaders-pack/failure/1');
      rmSync(file);
    }
    for (const command of ['list', 'bench']) {
      assert.equal((await runCli([command, missing, `--json=${file}`])).code, 2);
      assert.equal(existsSync(file), false);
    }
  });

  it('does not go where something else was to go', async () => {
    writeFileSync(file, 'precious');
    assert.equal((await runCli([...ARGS, '-o', file, `--json=${file}`])).code, 2);
    assert.equal(readFileSync(file, 'utf8'), 'precious');
    const link = join(work, 'link-to-output');
    symlinkSync(file, link);
    assert.equal((await runCli([...ARGS, '-o', file, `--json=${link}`])).code, 2);
    assert.equal(readFileSync(file, 'utf8'), 'precious');
  });

  it('does not go over what it would tell of, whatever that is called', async () => {
    const other = join(work, 'other.tar.xz');
    writeFileSync(other, 'precious');
    symlinkSync(other, join(work, 'link'));
    for (const args of [
      ['verify', other],
      ['list', other],
      ['extract', other],
      ['module', other, '-C', join(work, 'module')],
      ['diff', other, missing],
      ['diff', missing, other],
      ['kbuild', other],
    ]) {
      for (const json of [other, join(work, 'link')]) {
        const { code, stderr } = await runCli([...args, `--json=${json}`]);
        assert.deepEqual([code, readFileSync(other, 'utf8')], [2, 'precious']);
        assert.match(stderr, /^kheaders-pack: Cannot use --json=.* with [A-Z]+: it would be written over\n$/);
      }
    }
    const beside = `${archive}.manifest.json`;
    writeFileSync(beside, 'precious');
    for (const [json, ...args] of [
      [other, 'verify', archive, '--manifest', other],
      [other, 'extract', archive, '--archive-to', other],
      [other, 'diff', archive, archive, '--manifest-a', other],
      [other, 'diff', archive, archive, '--manifest-b', other],
      [beside, 'diff', archive, missing],
      [beside, 'diff', missing, archive],
      [other, 'pack', '--from-tar', other, '-o', missing],
      [other, 'pack', '--files-from', other, tree, '-o', missing],
    ] as const) {
      const { code, stderr } = await runCli([...args, `--json=${json}`]);
      assert.deepEqual([code, readFileSync(json, 'utf8')], [2, 'precious']);
      assert.match(stderr, /^kheaders-pack: Cannot use --json=.* with .*: it would be written over\n$/);
    }
    rmSync(beside);
    symlinkSync(missing, join(work, 'link-to-missing'));
    for (const json of [missing, join(work, 'link-to-missing')]) {
      const { code, stderr } = await runCli(['kbuild', missing, `--json=${json}`]);
      assert.deepEqual([code, existsSync(missing)], [2, false]);
      assert.match(stderr, /^kheaders-pack: Cannot use --json=.* with TARGET: it would be written over\n$/);
    }
  });
});
