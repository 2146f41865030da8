import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { createWriteStream, linkSync, mkdirSync, readFileSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { after, before, describe, it } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { type ListedEntry, list } from 'kheaders-pack';
import { generateTree } from '../../corpus/synthetic.js';
import { CHECKS } from '../../src/xz/check.js';
import { packed, succeeded } from '../support/archive.js';
import { PROGRAM, run, runCli } from '../support/cli.js';
import { xz } from '../support/hostile.js';
import { noise, writeFiles } from '../support/kernelTree.js';
import { scratch } from '../support/scratch.js';
import { gnuEntry, paxHeader, tarOfParts } from '../support/tarBuilder.js';
import { unless } from '../support/tools.js';
import { runIntoTrouble } from '../support/trouble.js';
import { storedBlock, stream } from '../xz/buildXz.js';

const work = scratch({ after });

async function listed(archive: string | Readable, patterns: readonly string[] = []): Promise<ListedEntry[]> {
  const entries: ListedEntry[] = [];
  await list({ archive, patterns }, entry => {
    entries.push(entry);
  });
  return entries;
}

describe('the listing is that of tar -tv in UTC', { skip: unless('tar', 'xz') }, () => {
  async function assertAsTar(archive: string): Promise<void> {
    const expected = succeeded(await run('tar', ['-tvf', archive], { env: { TZ: 'UTC', LC_ALL: 'C.UTF-8' } }));
    // Whatever the time zone and the locale here.
    const env = { TZ: 'America/New_York', LC_ALL: 'de_DE.UTF-8' };
    const { stdout, stderr } = succeeded(await runCli(['list', archive], { env }));
    assert.equal(stdout.toString(), expected.stdout.toString());
    assert.equal(stderr, '');
    const piped = succeeded(await runCli(['list', '-'], { env, input: readFileSync(archive) }));
    assert.equal(piped.stdout.toString(), expected.stdout.toString());
  }

  it('for an archive of ours', async () => {
    const tree = join(work, 'tree');
    generateTree(tree, { headers: 200, seed: 5 });
    const archive = join(work, 'ours.tar.xz');
    await packed([tree, '--preset', '0', '--block-size', '64KiB', '--mtime', '2023-11-14T22:13:20Z'], archive);
    await assertAsTar(archive);
  });

  for (const format of ['gnu', 'pax', 'ustar', 'v7']) {
    it(`for a tar of format ${format}, with owners, modes, links, devices and sizes of all kinds`, async () => {
      const tree = join(work, `staging-${format}`);
      mkdirSync(tree);
      writeFiles(tree, {
        'd/x.h': 'x',
        'd/executable': 'x',
        'caf\xc3\xa9.h': 'x',
        large: noise(123_456, 2),
        link: { linkTo: 'd/x.h' },
      });
      linkSync(join(tree, 'd/x.h'), join(tree, 'same.h'));
      utimesSync(join(tree, 'd/x.h'), 2 ** 31, 2 ** 31);
      succeeded(await run('chmod', ['7751', join(tree, 'd/executable')]));
      const archive = join(work, `${format}.tar.xz`);
      const script = 'cd "$1" && tar -c --format="$2" --owner="$3" --group="$3" . -C / ./dev/null | xz -0 > "$4"';
      succeeded(
        await run('sh', ['-c', script, 'sh', tree, format, format === 'v7' ? '0:1234567' : 'someone:1000', archive]),
      );
      await assertAsTar(archive);
    });
  }
});

describe('a listing', { skip: unless('xz') }, () => {
  const odd = '\xff\n\x1b[2J';
  const archive = join(work, 'odd.tar.xz');
  before(() =>
    writeFileSync(
      archive,
      xz(
        tarOfParts(
          { name: './d/', typeflag: '5', mode: 0o755 },
          { name: `./d/${odd}`, content: 'content', mtime: 1_700_000_000, uname: 'bo\nb', gname: 'gr' },
          { name: './d/l', typeflag: '2', linkname: odd, mode: 0o777 },
          { name: './h', typeflag: '1', linkname: `./d/${odd}` },
          paxHeader({ mtime: '-1.5' }),
          { name: './old', mode: 0o7644 },
          paxHeader({ mtime: '9007199254740991' }),
          { name: './far' },
          { name: 't3', typeflag: '3', patch: { 329: '0000001\0', 337: '0000003\0' } },
          ...['4', '6', '7', 'D', 'M', 'S', 'V', 'Z'].map(typeflag => ({ name: `t${typeflag}`, typeflag })),
        ),
      ),
    ),
  );

  it('has one line for each entry, with names on it that change no terminal', async () => {
    const { stdout } = succeeded(await runCli(['list', archive]));
    assert.deepEqual(stdout.toString().trimEnd().split('\n').slice(0, 6), [
      'drwxr-xr-x 0/0               0 1970-01-01 00:00 ./d/',
      '-rw-r--r-- bo\\nb/gr          7 2023-11-14 22:13 ./d/\\xff\\n\\x1b[2J',
      'lrwxrwxrwx 0/0               0 1970-01-01 00:00 ./d/l -> \\xff\\n\\x1b[2J',
      'hrw-r--r-- 0/0               0 1970-01-01 00:00 ./h link to ./d/\\xff\\n\\x1b[2J',
      '-rwSr-Sr-T 0/0               0 1969-12-31 23:59 ./old',
      '-rw-r--r-- 0/0               0 @9007199254740991 ./far',
    ]);
    const letters = stdout
      .toString()
      .trimEnd()
      .split('\n')
      .slice(6)
      .map(line => line[0]);
    assert.equal(letters.join(''), 'cbpCdM-V?');
  });

  it('as JSON is one object, with the bytes of names that are not UTF-8', async () => {
    const { stdout } = succeeded(await runCli(['list', archive, '--json']));
    const { schema, entries, archive: name } = JSON.parse(stdout.toString());
    assert.deepEqual([schema, name], ['kheaders-pack/list/1', archive]);
    assert.deepEqual(entries[1], {
      path: './d/\\xff\\n\\x1b[2J',
      pathBase64: Buffer.from(`./d/${odd}`, 'latin1').toString('base64'),
      kind: 'regular',
      typeflag: '0',
      mode: 0o644,
      uid: 0,
      gid: 0,
      size: 7,
      mtime: 1_700_000_000,
      format: 'gnu',
      offset: 512,
      contentOffset: 1024,
      uname: 'bo\\nb',
      gname: 'gr',
    });
    assert.equal(entries[2].targetBase64, Buffer.from(odd, 'latin1').toString('base64'));
    assert.deepEqual([entries[6].devmajor, entries[6].devminor], [1, 3]);
    assert.deepEqual(
      entries.slice(6).map(({ kind }: ListedEntry) => kind),
      [
        'character device',
        'block device',
        'FIFO',
        'regular',
        'directory',
        'continuation',
        'sparse file',
        'label',
        'unknown',
      ],
    );
    const report = join(work, 'list.json');
    succeeded(await runCli(['list', archive, `--json=${report}`]));
    assert.deepEqual(JSON.parse(readFileSync(report, 'utf8')).entries, entries);
    assert.deepEqual(await listed(archive), entries);
    assert.deepEqual(await listed(Readable.from([readFileSync(archive)])), entries);
  });

  it('is of what patterns match, with or without ./, and exit code 2 names one that matches nothing', async () => {
    const paths = async (...patterns: string[]): Promise<string[]> =>
      (await listed(archive, patterns)).map(({ path }) => path);
    assert.deepEqual(await paths('old'), ['./old']);
    assert.deepEqual(await paths('./d/l', 'h'), ['./d/l', './h']);
    assert.equal((await paths('d')).length, 3);
    const { code, stdout, stderr } = await runCli(['list', archive, 'old', 'nothing']);
    assert.equal(code, 2);
    assert.match(stdout.toString(), / \.\/old\n$/);
    assert.match(stderr, /^kheaders-pack: Cannot find "nothing" in /);
  });

  it('finds by a pattern what cat finds by the same name, however the one or the other is written', async () => {
    const names = ['a//b.h', 'c/./d.h', '/e/f.h', './g//', 'h.h'];
    const other = join(work, 'names.tar.xz');
    writeFileSync(other, xz(tarOfParts(...names.map(name => ({ name, typeflag: name.endsWith('/') ? '5' : '0' })))));
    for (const [pattern, name] of [
      ['a/b.h', 'a//b.h'],
      ['a//b.h', 'a//b.h'],
      ['a/*.h', 'a//b.h'],
      ['./a/./b.h', 'a//b.h'],
      ['c/d.h', 'c/./d.h'],
      ['c/./d.h', 'c/./d.h'],
      ['e/f.h', '/e/f.h'],
      ['/e/f.h', '/e/f.h'],
      ['g', './g//'],
      ['./g//', './g//'],
      ['/h.h', 'h.h'],
    ] as const) {
      assert.deepEqual(
        (await listed(other, [pattern])).map(({ path }) => path),
        [name],
        pattern,
      );
    }
    for (const all of ['.', './/', '/']) assert.equal((await listed(other, [all])).length, names.length, all);
    await assert.rejects(listed(other, ['']), { code: 'E_NO_MEMBER' });
  });

  it('tells years beyond 9999 as tar does', async () => {
    const far = xz(tarOfParts(paxHeader({ mtime: '1099511627776' }), { name: 'far' }));
    const { stdout } = succeeded(await runCli(['list', '-'], { input: far }));
    assert.match(stdout.toString(), / 36812-02-20 00:36 far\n$/);
  });

  it('of a tar that is cut between two entries is exit code 1, when the entries before were listed', async () => {
    const cut = xz(Buffer.concat([gnuEntry({ name: 'a' }), gnuEntry({ name: 'b' })]));
    const { code, stdout, stderr } = await runCli(['list', '-'], { input: cut });
    assert.equal(code, 1);
    assert.equal(stdout.toString().split('\n').length, 3);
    assert.match(
      stderr,
      /Damaged tar in "standard input": it ends without the two records of zeros .*at byte 1024 of the tar/,
    );
    const { stdout: json } = await runCli(['list', '-', '--json'], { input: cut });
    const { entries, error } = JSON.parse(json.toString());
    assert.deepEqual([entries.length, error.code, error.facts.offset], [2, 'E_BAD_TAR', 1024]);
    const report = join(work, 'cut.json');
    assert.equal((await runCli(['list', '-', `--json=${report}`], { input: cut })).code, 1);
    await assert.rejects(async () => readFileSync(report), { code: 'ENOENT' });
  });

  it('whose reader goes away is no trouble', { skip: unless('sh', 'head') }, async () => {
    const many = join(work, 'many.tar.xz');
    writeFileSync(many, xz(tarOfParts(...Array.from({ length: 20_000 }, (_, i) => ({ name: `n${i}` })))));
    for (const json of [[], ['--json']]) {
      const script = '{ "$@"; echo $? >&2; } | head -c 10';
      const command = ['sh', process.execPath, PROGRAM, 'list', many, ...json];
      const { stderr } = await run('sh', ['-c', script, ...command]);
      assert.equal(stderr, '0\n');
    }
  });

  it('of what is no archive is trouble, or says that it is bad', async () => {
    await runIntoTrouble(['list', join(work, 'missing')], /Cannot read ".*missing": no such file/);
    assert.equal((await runCli(['list', '-'], { input: 'no archive'.repeat(10) })).code, 1);
    const zeros = await runCli(['list', '-'], { input: xz(Buffer.from('text '.repeat(500))) });
    assert.deepEqual([zeros.code, /no entry header where one has to be/.test(zeros.stderr)], [1, true]);
  });
});

describe('the memory of a listing', { skip: unless('xz', 'sh') }, () => {
  const MIB = 2 ** 20;
  /** Writes an archive of so many MiB of tar, in Blocks of 4 MiB or in one. */
  async function archiveOf(mib: number, blocks: boolean): Promise<string> {
    const archive = join(work, `${mib}-${blocks}.tar.xz`);
    const content = Buffer.alloc(MIB - 512, noise(50_000, 9));
    const tar = function* (): Generator<Buffer, void, undefined> {
      for (let i = 0; i < mib; i++) yield gnuEntry({ name: `file-${i}`, content });
      yield Buffer.alloc(10_240);
    };
    const options = blocks ? ['--block-size=4MiB', '-T2'] : ['-T1'];
    const child = spawn('xz', ['-0', '-c', ...options], { stdio: ['pipe', 'pipe', 'inherit'] });
    await Promise.all([
      pipeline(Readable.from(tar()), child.stdin),
      pipeline(child.stdout, createWriteStream(archive)),
    ]);
    return archive;
  }

  /** Peak resident set size in MiB, as the kernel counts it. */
  function peakOf(args: readonly string[], input: string | null): number {
    const script = `
      const { run } = await import(${JSON.stringify(new URL('../../src/cli/program.js', import.meta.url).href)});
      process.exitCode = await run(${JSON.stringify(args)});
      process.stderr.write(String(process.resourceUsage().maxRSS / 1024));`;
    const shell = input === null ? 'exec "$@" > /dev/null' : 'exec "$@" < "$0" > /dev/null';
    const command = [process.execPath, '--input-type=module', '-e', script];
    const { status, stderr } = spawnSync('sh', ['-c', shell, input ?? 'sh', ...command], { encoding: 'utf8' });
    assert.equal(status, 0, stderr);
    return Number(stderr);
  }

  for (const blocks of [true, false]) {
    it(`does not depend on the archive's size: 30, 150 and 600 MiB in ${blocks ? 'Blocks of 4 MiB' : 'one Block'}`, async t => {
      const archives = [await archiveOf(30, blocks), await archiveOf(150, blocks), await archiveOf(600, blocks)];
      for (const [way, argsOf, inputOf] of [
        ['file', (path: string) => ['list', path, '--jobs', '2'], () => null],
        ['pipe', () => ['list', '-', '--jobs', '2'], (path: string) => path],
      ] as const) {
        const peaks = archives.map(path => peakOf(argsOf(path), inputOf(path)));
        const told = `${way}: ${peaks.map(peak => peak.toFixed(0)).join(', ')} MiB`;
        t.diagnostic(told);
        // The smallest has too few Blocks to fill the window in which they are decoded; from there on nothing grows.
        const [, middle = 0, largest = 0] = peaks;
        assert.ok(largest - middle < 64 && largest < 288, told);
      }
    });
  }
});

it('damage to a header is told as damage to its Block, which is the cause', async () => {
  const tar = tarOfParts({ name: 'a', content: 'a' }, { name: 'b', content: 'b' });
  const damaged = Buffer.from(tar);
  damaged[1024] = (damaged[1024] as number) ^ 1;
  const archive = stream(CHECKS.crc64.id, [storedBlock(damaged, CHECKS.crc64.compute(tar))]);
  await assert.rejects(listed(Readable.from([archive], { objectMode: false })), {
    code: 'E_BAD_XZ',
    message: /the Check of a Block does not match its contents/,
  });
});

it('a listing that is stopped gives no wrong entry on the way', { skip: unless('xz') }, async () => {
  const names = Array.from({ length: 6000 }, (_, i) => `include/${i}.h`);
  const path = join(work, 'stopped.tar.xz');
  writeFileSync(path, xz(tarOfParts(...names.map(name => ({ name, content: name.repeat(400) }))), '--block-size=2MiB'));
  for (const stop of [100, 900, 2500]) {
    const controller = new AbortController();
    const seen: string[] = [];
    const listing = list({ archive: path, jobs: 2, signal: controller.signal }, async ({ path: name }) => {
      seen.push(name);
      if (seen.length !== stop) return;
      // Until every thread waits for a place to write to.
      await sleep(200);
      controller.abort();
      await sleep(200);
    });
    await assert.rejects(listing, { code: 'E_ABORTED' });
    assert.deepEqual(seen, names.slice(0, seen.length));
  }
});
