import assert from 'node:assert/strict';
import {
  chmodSync,
  closeSync,
  openSync,
  readdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { after, before, describe, it } from 'node:test';
import { extract } from 'kheaders-pack';
import { succeeded } from '../../support/archive.js';
import { PROGRAM, run, runCli } from '../../support/cli.js';
import { extractParts, newPlace, xz } from '../../support/hostile.js';
import { assertHoldsOnly } from '../../support/litter.js';
import { scratch } from '../../support/scratch.js';
import { paxHeader, tarOfParts } from '../../support/tarBuilder.js';
import { giveToOrdinary, ORDINARY, unless, unlessOrdinary } from '../../support/tools.js';
import { runIntoTrouble } from '../../support/trouble.js';
import { extractorsIn } from './directories.js';

const work = scratch({ after });
const { newDirectory } = extractorsIn(work);

describe('into a directory that has files', { skip: unless('xz') }, () => {
  it('each is replaced whole: who holds the old one open keeps it, and no temporary name is left', async () => {
    const place = newPlace(work);
    writeFileSync(join(place.target, 'a'), 'old', { mode: 0o600 });
    const old = openSync(join(place.target, 'a'), 'r');
    assert.equal(
      await extractParts(place, [
        { name: 'a', content: 'new', mtime: 9 },
        { name: 'l', typeflag: '1', linkname: 'a' },
      ]),
      null,
    );
    assert.equal(readFileSync(old, 'utf8'), 'old');
    closeSync(old);
    assert.equal(readFileSync(join(place.target, 'a'), 'utf8'), 'new');
    const { mode, mtimeMs, nlink } = statSync(join(place.target, 'a'));
    assert.deepEqual([mode & 0o777, mtimeMs, nlink], [0o644, 9000, 2]);
    assertHoldsOnly(place.target, ['a', 'l']);
    // The same once more: everything is there already.
    const again = [
      { name: 'a', content: 'newer' },
      { name: 'l', typeflag: '1', linkname: 'a' },
    ];
    assert.equal(await extractParts(place, again), null);
    assert.equal(statSync(join(place.target, 'l')).ino, statSync(join(place.target, 'a')).ino);
    assertHoldsOnly(place.target, ['a', 'l']);
  });

  it('the directory is made if only it is missing', async () => {
    const place = newPlace(work);
    const target = join(place.target, 'new');
    const parts = tarOfParts({ name: './', typeflag: '5', mode: 0o700, mtime: 7 }, { name: 'a' });
    await extract({ archive: Readable.from([xz(parts)]), directory: target });
    assert.deepEqual([statSync(target).mode & 0o777, statSync(target).mtimeMs], [0o700, 7000]);
    const deeper = extract({ archive: Readable.from([xz(parts)]), directory: join(place.target, 'no', 'such') });
    await assert.rejects(deeper, {
      code: 'E_WRITE',
      message: /\/no\/such": the directory above it is missing, too, and /,
    });
    symlinkSync('nowhere', join(place.target, 'dangling'));
    const dangling = extract({ archive: Readable.from([xz(parts)]), directory: join(place.target, 'dangling') });
    await assert.rejects(dangling, { code: 'E_WRITE', message: /\/dangling": no such file or directory$/ });
  });

  it('a file gets its time with the fraction, before 1970 too', async () => {
    const place = newPlace(work);
    const parts = [paxHeader({ mtime: '1700000000.5' }), { name: 'a' }, paxHeader({ mtime: '-1.5' }), { name: 'b' }];
    assert.equal(await extractParts(place, parts), null);
    const times = ['a', 'b'].map(name => statSync(join(place.target, name)).mtimeMs);
    assert.deepEqual(times, [1_700_000_000_500, -1_500]);
  });

  it('modes are those of the archive without the umask, whoever extracts', async () => {
    const parts = [
      { name: 'd/', typeflag: '5', mode: 0o777 },
      { name: 'd/x', mode: 0o777 },
      { name: 'implied/y', mode: 0o666 },
    ];
    const archive = join(work, 'modes.tar.xz');
    writeFileSync(archive, xz(tarOfParts(...parts)));
    for (const umask of ['000', '027', '077']) {
      const directory = newDirectory();
      chmodSync(directory, 0o777);
      const script = `umask ${umask}; exec "$@"`;
      const command = ['sh', process.execPath, PROGRAM, 'extract', archive, '-C', directory, '-q'];
      succeeded(await run('sh', ['-c', script, ...command]));
      const mask = Number.parseInt(umask, 8);
      const modes = ['d', 'd/x', 'implied', 'implied/y'].map(path => statSync(join(directory, path)).mode & 0o777);
      assert.deepEqual(
        modes,
        [0o777, 0o777, 0o777, 0o666].map(mode => mode & ~mask),
        umask,
      );
    }
  });
});

describe('as another user', { skip: unless('xz') || unlessOrdinary() }, () => {
  const archive = join(work, 'user.tar.xz');
  before(() => {
    const parts = [
      { name: './', typeflag: '5', mode: 0o755 },
      { name: 'd/', typeflag: '5', mode: 0o555 },
      { name: 'd/x' },
    ];
    writeFileSync(archive, xz(tarOfParts(...parts)));
  });

  it("files are that user's, and directories that cannot be written to are filled first", async () => {
    const directory = newDirectory();
    giveToOrdinary(directory);
    succeeded(await runCli(['extract', archive, '-C', directory, '-q'], ORDINARY));
    const { uid, mode } = statSync(join(directory, 'd'));
    assert.deepEqual([uid, mode & 0o777], [ORDINARY.user ?? process.getuid?.(), 0o555]);
    assert.equal(statSync(join(directory, 'd/x')).uid, uid);
  });

  it('a directory that may not be written to is exit code 2, with the reason', async () => {
    const directory = newDirectory();
    chmodSync(directory, 0o555);
    const args = ['extract', archive, '-C', directory, '-q'];
    await runIntoTrouble(args, /Cannot write ".*out-\d+.*": permission denied/, ORDINARY);
  });
});

describe('on a file system that takes names for one that differ in case', {
  skip: unless('xz', 'mkntfs', 'lowntfs-3g', 'truncate', 'umount'),
}, () => {
  it('the second of them is refused, and on another it is not', async t => {
    const place = newPlace(work);
    const parts = [{ name: 'xt_CONNMARK.h', content: 'first' }, { name: 'xt_connmark.h' }];
    const script = 'truncate -s 8M "$1" && mkntfs -q -F "$1" && lowntfs-3g "$1" "$2" -o ignore_case';
    const mounted = await run('sh', ['-c', script, 'sh', join(place.root, 'image'), place.target]);
    if (mounted.code !== 0) return t.skip(`no such file system can be mounted here: ${mounted.stderr.trim()}`);
    try {
      const error = await extractParts(place, parts);
      assert.match(String(error?.message), /Refused to extract "xt_connmark\.h" .*where case or normalisation/);
      assert.equal(readFileSync(join(place.target, 'xt_connmark.h'), 'utf8'), 'first');
      assert.equal(readdirSync(place.target).length, 1);
    } finally {
      succeeded(await run('umount', [place.target]));
    }
    assert.equal(await extractParts(place, parts), null);
    assertHoldsOnly(place.target, ['xt_CONNMARK.h', 'xt_connmark.h']);
  });
});
