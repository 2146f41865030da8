import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { succeeded } from '../../support/archive.js';
import { runCli } from '../../support/cli.js';
import { extractBytes, newPlace, xz } from '../../support/hostile.js';
import { assertHoldsOnly } from '../../support/litter.js';
import { scratch } from '../../support/scratch.js';
import { gnuEntry, tarOfParts } from '../../support/tarBuilder.js';
import { unless } from '../../support/tools.js';
import { runIntoTrouble } from '../../support/trouble.js';
import { extractorsIn } from './directories.js';
import { file } from './entries.js';

const work = scratch({ after });
const skip = unless('xz');
const { newDirectory } = extractorsIn(work);

describe('on the command line', { skip }, () => {
  const archive = join(work, 'words.tar.xz');
  before(() => writeFileSync(archive, xz(tarOfParts({ name: 'd/', typeflag: '5' }, { name: 'd/x', content: 'x' }))));

  it('nothing is said with --quiet, names with --verbose, one line without either', async () => {
    const stderrOf = async (...args: string[]): Promise<string> => {
      const { stdout, stderr } = succeeded(await runCli(['extract', archive, '-C', newDirectory(), ...args]));
      assert.equal(stdout.length, 0);
      return stderr;
    };
    assert.equal(await stderrOf('-q'), '');
    const line = /1 files \(0 as hard links\), 0 symbolic links, 1 directories: 1 B in .*, \d+\.\d\d s\n$/;
    assert.match(await stderrOf(), new RegExp(`^${line.source}`));
    assert.match(await stderrOf('-v'), new RegExp(`^d/\\nd/x\\n${line.source}`));
  });

  it('--json is one summary, on standard output or in a file', async () => {
    const directory = newDirectory();
    const { stdout } = succeeded(await runCli(['extract', archive, '-C', directory, '-q', '--json']));
    const { schema, files, bytes, target } = JSON.parse(stdout.toString());
    assert.deepEqual([schema, bytes, target], ['kheaders-pack/extract/1', 1, directory]);
    assert.deepEqual(files, { entries: 2, regular: 1, hardLinks: 0, symbolicLinks: 0, directories: 1 });
    const report = join(work, 'report.json');
    succeeded(await runCli(['extract', archive, '-C', directory, '-q', `--json=${report}`]));
    assert.equal(JSON.parse(readFileSync(report, 'utf8')).bytes, 1);
  });

  it('it goes into the working directory where none is named', async () => {
    const directory = newDirectory();
    succeeded(await runCli(['extract', archive, '-q'], { cwd: directory }));
    assertHoldsOnly(directory, ['d']);
  });

  it('values that cannot be meant are exit code 2', async () => {
    for (const [args, expected] of [
      [['--strip-components', '-1'], /--strip-components: expected a whole number/],
      [['--kernel', '..'], /Invalid value "\.\." for --kernel/],
      [['-q', '-v'], /Cannot use --quiet with --verbose/],
      [['--no-such'], /unknown option '--no-such'/],
    ] as const) {
      await runIntoTrouble(['extract', archive, '-C', work, ...args], expected);
    }
    await runIntoTrouble(['extract', join(work, 'missing')], /Cannot read ".*missing": no such file/);
  });
});

describe('on the command line, of what is not extracted,', { skip }, () => {
  const parts = [file('a/first'), { name: 'a/l\n', typeflag: '2', linkname: 'first' }, file('../secret'), file('last')];

  it('a refusal is exit code 2, names the entry, and lists what was written before', async () => {
    const place = newPlace(work);
    const archive = join(place.root, 'x.tar.xz');
    writeFileSync(archive, xz(tarOfParts(...parts)));
    const { code, stdout, stderr } = await runCli(['extract', archive, '-C', place.target]);
    assert.equal(code, 2);
    assert.equal(stdout.length, 0);
    assert.deepEqual(stderr.trimEnd().split('\n'), [
      'Written before the failure, 2 entries:',
      '  a/first',
      '  a/l\\n',
      `kheaders-pack: Refused to extract "../secret" of "${archive}": its name holds ".."`,
    ]);
    assertHoldsOnly(place.target, ['a']);
  });

  it('and with --json as data', async () => {
    const place = newPlace(work);
    const input = xz(tarOfParts(...parts));
    const { code, stdout } = await runCli(['extract', '-', '-C', place.target, '--json', '-q'], { input });
    assert.equal(code, 2);
    const { schema, error, written } = JSON.parse(stdout.toString());
    assert.equal(schema, 'kheaders-pack/extract-failure/1');
    assert.deepEqual([error.code, error.facts.entry], ['E_UNSAFE_ENTRY', '../secret']);
    assert.deepEqual(written, [
      { kind: 'regular', path: 'a/first' },
      { kind: 'symlink', path: 'a/l\n' },
    ]);
  });

  it('a damaged tar is exit code 1, with what came before the damage extracted', async () => {
    const place = newPlace(work);
    const input = xz(Buffer.concat([gnuEntry(file('a')), Buffer.from('no header'.padEnd(512))]));
    const { code, stderr } = await runCli(['extract', '-', '-C', place.target], { input });
    assert.equal(code, 1);
    assert.match(
      stderr,
      /Written before the failure, 1 entry:\n {2}a\n.*Damaged tar in "standard input": no entry header/,
    );
    assertHoldsOnly(place.target, ['a']);
  });
});

it('what is no archive is an error, and writes nothing', { skip }, async () => {
  const place = newPlace(work);
  assert.equal((await extractBytes(place, Buffer.from('no archive at all'.repeat(10))))?.code, 'E_BAD_XZ');
  assertHoldsOnly(place.target, []);
});
