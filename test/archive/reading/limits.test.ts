import assert from 'node:assert/strict';
import { Readable } from 'node:stream';
import { after, describe, it } from 'node:test';
import { checkContainer } from '../../../src/archive/reading/checkContainer.js';
import { withArchive } from '../../../src/archive/reading/open.js';
import { CHECKS } from '../../../src/xz/check.js';
import { succeeded } from '../../support/archive.js';
import { run } from '../../support/cli.js';
import { scratch } from '../../support/scratch.js';
import { unless } from '../../support/tools.js';
import { blockHeader, index, stored, storedBlock, stream, streamFooter, streamHeader, vli } from '../../xz/buildXz.js';
import { contentsOf, fileOf, fromFile, fromPipe, outcomeOf, settingsFor } from './reader.js';

const work = scratch({ after });
const MIB = 2 ** 20;
const content = Buffer.from('#define A 1\n');
const check = CHECKS.crc32.compute(content);

/** Both ways of reading, by name. */
function waysOf(name: string, bytes: Buffer, memoryLimit: number) {
  const path = fileOf(work, name, bytes);
  return [fromFile(path, { memoryLimit }), fromPipe(bytes, { memoryLimit })];
}

async function assertMemoryLimit(name: string, bytes: Buffer, memoryLimit: number): Promise<void> {
  for (const settings of waysOf(name, bytes, memoryLimit)) {
    const outcome = await outcomeOf(settings);
    assert.ok(outcome.verdict === 'failed', name);
    assert.equal(outcome.code, 'E_MEMORY_LIMIT');
    // It is trouble and no verdict: with a higher limit the archive may be good.
    await assert.rejects(checkContainer(fromFile(fileOf(work, name, bytes), { memoryLimit })), {
      code: 'E_MEMORY_LIMIT',
    });
  }
}

describe('nothing is allocated on the word of a header', () => {
  it('a dictionary of 4 GiB for a small Block takes what the Block needs', async () => {
    const header = blockHeader(0, [Buffer.from([0x21, 0x01, 40])]);
    const archive = stream(1, [{ ...storedBlock(content, check), header }]);
    for (const settings of waysOf('dictionary.xz', archive, 2 * MIB)) {
      const outcome = await outcomeOf(settings);
      assert.ok(outcome.verdict === 'good' && outcome.contents.equals(content));
    }
  });

  it('sizes of many TiB in a Block Header are found out', async () => {
    for (const size of [2 ** 33, 2 ** 45, 2 ** 53 - 1]) {
      const header = blockHeader(0xc0, [vli(size), vli(size), Buffer.from([0x21, 0x01, 0])]);
      const archive = stream(1, [{ ...storedBlock(content, check), header }]);
      for (const settings of waysOf('sizes.xz', archive, 64 * MIB)) {
        assert.equal((await checkContainer(settings)).verdict, 'bad');
      }
    }
  });

  it('an Index that claims more Records than it can hold', async () => {
    for (const count of [2 ** 20, 2 ** 40, 2n ** 62n]) {
      const listed = index([[20, 1]], count);
      const archive = Buffer.concat([streamHeader([0, 1]), listed, streamFooter(listed.length, [0, 1])]);
      for (const settings of waysOf('records.xz', archive, 64 * MIB)) {
        assert.equal((await checkContainer(settings)).verdict, 'bad');
      }
    }
  });

  it('an Index that claims Uncompressed Sizes that the Blocks do not have', async () => {
    const block = storedBlock(content, check);
    for (const size of [2 ** 40, 2 ** 52]) {
      const right = stream(1, [block]);
      const wrong = index([[block.header.length + block.data.length + check.length, size]]);
      const body = right.subarray(0, right.length - 12 - index([[28, 12]]).length);
      const archive = Buffer.concat([body, wrong, streamFooter(wrong.length, [0, 1])]);
      for (const settings of waysOf('uncompressed.xz', archive, 64 * MIB)) {
        assert.equal((await checkContainer(settings)).verdict, 'bad');
      }
    }
  });

  it('an Index of many Records is counted against the limit before it is listed', async () => {
    const empty = storedBlock(Buffer.alloc(0), Buffer.alloc(0));
    const archive = stream(
      0,
      Array.from({ length: 5000 }, () => empty),
    );
    await assertMemoryLimit('many.xz', archive, MIB / 2);
    for (const settings of waysOf('many.xz', archive, 64 * MIB)) {
      assert.equal((await checkContainer(settings)).found?.blocks, 5000);
    }
  });
});

describe('a bomb', { skip: unless('xz') }, () => {
  it('of 1 GiB of null bytes is decoded in steps, from a file and from a pipe', async () => {
    const made = await run('sh', ['-c', 'head -c 1073741824 /dev/zero | xz -0 --check=crc32']);
    const bomb = succeeded(made).stdout;
    assert.ok(bomb.length < 200_000);
    const before = process.memoryUsage().rss;
    let peak = 0;
    for (const settings of waysOf('bomb.xz', bomb, 64 * MIB)) {
      const size = await withArchive(settings, async archive => {
        let read = 0;
        for await (const piece of archive.read()) {
          read += piece.length;
          peak = Math.max(peak, process.memoryUsage().rss);
        }
        return read;
      });
      assert.equal(size, 2 ** 30);
    }
    assert.ok(peak - before < 200 * MIB, `${(peak - before) / MIB} MiB more`);
  });

  it('whose chunks decode to more than they say, or to less, is bad', async () => {
    const made = succeeded(await run('xz', ['-0', '--check=none'], { input: Buffer.alloc(100_000, 'ab') })).stdout;
    // The first chunk's header: control byte, and two bytes of its uncompressed size.
    const changed = Buffer.from(made);
    const chunk = changed.indexOf(0xe1, 24);
    assert.ok(chunk > 0 && chunk < 40);
    changed[chunk + 2] = (changed[chunk + 2] ?? 0) - 1;
    for (const settings of waysOf('less.xz', changed, 64 * MIB)) {
      assert.equal((await checkContainer(settings)).verdict, 'bad');
    }
  });
});

describe('the memory limit', { skip: unless('xz') }, () => {
  it('refuses a dictionary that is too large, where the Block is decoded in steps', async () => {
    const large = Buffer.alloc(40 * MIB, 'kernel headers ');
    const archive = succeeded(await run('xz', ['-c0', '--lzma2=preset=0,dict=192MiB'], { input: large })).stdout;
    // Not even a pipe's Block, whose size is not known, has more than the dictionary that its header states.
    const piped = await outcomeOf(fromPipe(archive, { memoryLimit: 128 * MIB }));
    assert.ok(piped.verdict === 'failed' && piped.code === 'E_MEMORY_LIMIT');
    for (const settings of [
      fromPipe(archive, { memoryLimit: 256 * MIB }),
      // The Index of a file says that 40 MiB are enough.
      fromFile(fileOf(work, 'dict.xz', archive), { memoryLimit: 64 * MIB }),
    ]) {
      const outcome = await outcomeOf(settings);
      assert.ok(outcome.verdict === 'good' && outcome.contents.equals(large));
    }
    await assertMemoryLimit('dict.xz', archive, 32 * MIB);
  });
});

describe('reading gives up', () => {
  it('before it begins, when the signal has fired', async () => {
    const path = fileOf(work, 'abort.xz', stream(1, [storedBlock(content, check)]));
    for (const settings of [fromFile(path), fromPipe(stream(1, []))]) {
      await assert.rejects(withArchive({ ...settings, signal: AbortSignal.abort() }, contentsOf), {
        code: 'E_ABORTED',
      });
    }
  });

  it('on a pipe that never answers, when the signal fires', async () => {
    const readable = new Readable({ read: () => undefined });
    const controller = new AbortController();
    setTimeout(() => controller.abort(), 50);
    const { signal } = controller;
    const settings = settingsFor({ kind: 'readable', readable, name: 'a pipe' }, { signal });
    await assert.rejects(withArchive(settings, contentsOf), { code: 'E_ABORTED' });
    assert.ok(readable.destroyed);
  });

  it('between two pieces, when the signal fires', async () => {
    const archive = stream(
      1,
      Array.from({ length: 50 }, () => storedBlock(content, check)),
    );
    const path = fileOf(work, 'between.xz', archive);
    for (const settings of [fromFile(path), fromPipe(archive, {}, 64)]) {
      const controller = new AbortController();
      const reading = withArchive({ ...settings, signal: controller.signal }, async open => {
        for await (const _ of open.read()) controller.abort();
      });
      await assert.rejects(reading, { code: 'E_ABORTED' });
    }
  });
});

describe('what is no .xz file', () => {
  it('is said to be none, and is bad', async () => {
    for (const bytes of [
      Buffer.alloc(0),
      Buffer.from('x'),
      Buffer.from('#define A 1\n'),
      stored(content),
      Buffer.alloc(64),
    ]) {
      for (const settings of waysOf('none.xz', bytes, 64 * MIB)) {
        const { verdict, fault } = await checkContainer(settings);
        assert.equal(verdict, 'bad');
        assert.deepEqual([fault?.offset, /^expected an \.xz file/.test(fault?.reason ?? '')], [0, true], fault?.reason);
      }
    }
  });

  it('is told as what it seems to be', { skip: unless('tar', 'gzip', 'bzip2', 'xz') }, async () => {
    const made = async (command: string, args: readonly string[], input: Buffer = Buffer.alloc(0)): Promise<Buffer> =>
      succeeded(await run(command, args, { input })).stdout;
    fileOf(work, 'in.h', content);
    const tar = await made('tar', ['-C', work, '-cf', '-', 'in.h']);
    const ways = [
      ['an empty one', Buffer.alloc(0)],
      ['something else', Buffer.from('#define A 1\n')],
      ['a plain tar', tar],
      ['gzip data', await made('gzip', ['-c'], tar)],
      ['bzip2 data', await made('bzip2', ['-c'], tar)],
      ['.lzma data', await made('xz', ['--format=lzma', '-c'], tar)],
    ] as const;
    for (const [found, bytes] of ways) {
      for (const settings of waysOf('none.xz', bytes, 64 * MIB)) {
        const { fault } = await checkContainer(settings);
        assert.equal(fault?.reason, `expected an .xz file, found ${found}`);
      }
    }
  });

  it('is trouble where it cannot be read at all', async () => {
    for (const path of [work, `${work}/missing.xz`]) {
      await assert.rejects(withArchive(fromFile(path), contentsOf), { code: 'E_READ' });
    }
  });
});
