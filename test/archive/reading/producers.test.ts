import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, describe, it } from 'node:test';
import { checkContainer } from '../../../src/archive/reading/checkContainer.js';
import { succeeded } from '../../support/archive.js';
import { run, runCli } from '../../support/cli.js';
import { noise } from '../../support/kernelTree.js';
import { scratch } from '../../support/scratch.js';
import { unless } from '../../support/tools.js';
import { fileOf, fromFile, fromPipe, outcomeOf } from './reader.js';

const work = scratch({ after });
/** Text, bytes that cannot be compressed, machine code, and a long run: all kinds of LZMA2 chunks, and of branches. */
const contents = Buffer.concat([
  Buffer.from('#define A 1\n'.repeat(20_000)),
  Buffer.from(noise(150_000, 3)),
  readFileSync(process.execPath).subarray(0, 400_000),
  Buffer.alloc(3_000_000),
]);
const input = fileOf(work, 'contents', contents);

async function madeBy(command: string, ...args: readonly string[]): Promise<Buffer> {
  return succeeded(await run(command, args)).stdout;
}

/** Asserts that an archive is good and gives what xz gives, from a file and from a pipe. */
async function assertReads(name: string, archive: Buffer, expected: Buffer = contents): Promise<void> {
  const path = fileOf(work, 'archive.xz', archive);
  for (const settings of [fromFile(path), fromPipe(archive), fromPipe(archive, {}, 4099)]) {
    const outcome = await outcomeOf(settings);
    assert.ok(outcome.verdict === 'good', `${name}: ${'reason' in outcome ? outcome.reason : ''}`);
    assert.ok(outcome.contents.equals(expected), `${name}: other contents`);
    assert.deepEqual(outcome.notices, []);
  }
}

describe('archives are read that were made by', () => {
  describe('xz', { skip: unless('xz') }, () => {
    for (const preset of ['-0', '-1', '-2', '-3', '-4', '-5', '-6', '-7', '-8', '-9', '-0e', '-6e', '-9e']) {
      it(`with ${preset}`, async () => assertReads(preset, await madeBy('xz', '-c', preset, input)));
    }
    for (const check of ['none', 'crc32', 'crc64', 'sha256']) {
      it(`with --check=${check}`, async () => {
        await assertReads(check, await madeBy('xz', '-c', '-0', `--check=${check}`, input));
        await assertReads(
          check,
          await madeBy('xz', '-c', '-0', '-T2', '--block-size=300KiB', `--check=${check}`, input),
        );
      });
    }
    it('with threads, which write both sizes into each Block Header', async () => {
      await assertReads('-T0', await madeBy('xz', '-c', '-1', '-T0', input));
      await assertReads('-T2', await madeBy('xz', '-c', '-1', '-T2', '--block-size=64KiB', input));
    });
    it('with threads, read with any number of workers', async () => {
      const large = Buffer.concat([contents, contents, contents, contents.subarray(0, 1_234_567)]);
      const largeInput = fileOf(work, 'large', large);
      const archive = await madeBy('xz', '-c', '-0', '-T2', '--block-size=1MiB', largeInput);
      const path = fileOf(work, 'workers.xz', archive);
      for (const jobs of [1, 2, 3]) {
        for (const settings of [fromFile(path, { jobs }), fromPipe(archive, { jobs })]) {
          const outcome = await outcomeOf(settings);
          assert.ok(outcome.verdict === 'good' && outcome.contents.equals(large), `${jobs} workers`);
        }
      }
      const report = await checkContainer(fromFile(path));
      const found = {
        streams: 1,
        blocks: Math.ceil(large.length / 2 ** 20),
        checks: ['crc64'],
        compressedSize: archive.length,
      };
      assert.deepEqual(report, { verdict: 'good', fault: null, found: { ...found, uncompressedSize: large.length } });
      assert.deepEqual(await checkContainer(fromPipe(archive)), report);
    });
    it('with a list of Block sizes, without sizes in their headers', async () => {
      await assertReads('list', await madeBy('xz', '-c', '-1', '-T1', '--block-list=1000,70000,5,1000000,0', input));
    });
    for (const filter of ['x86', 'powerpc', 'ia64', 'arm', 'armthumb', 'sparc']) {
      it(`with filter ${filter}`, async () => {
        const archive = await madeBy('xz', '-c', `--${filter}`, '--lzma2=preset=1', input);
        await assertReads(filter, archive);
        // In a process that has read nothing before.
        succeeded(await runCli(['verify', '--container', fileOf(work, 'filter.xz', archive)]));
      });
    }
    it('with Delta filters, and with four filters', async () => {
      for (const distance of [1, 4, 256]) {
        await assertReads('delta', await madeBy('xz', '-c', `--delta=dist=${distance}`, '--lzma2=preset=0', input));
      }
      const chain = ['--delta=dist=2', '--x86', '--delta=dist=3', '--lzma2=preset=0'];
      await assertReads('chain', await madeBy('xz', '-c', ...chain, input));
      await assertReads('chain', await madeBy('xz', '-c', '-T2', '--block-size=100KiB', ...chain, input));
    });
    it('with any lc, lp and pb', async () => {
      for (const options of ['lc=0,lp=4,pb=4', 'lc=4,lp=0,pb=0', 'lc=1,lp=2,pb=3']) {
        await assertReads(options, await madeBy('xz', '-c', `--lzma2=preset=0,${options}`, input));
      }
    });
    it('from nothing', async () => {
      const empty = fileOf(work, 'empty', Buffer.alloc(0));
      await assertReads('empty', await madeBy('xz', '-c', empty), Buffer.alloc(0));
    });
    it('concatenated, with Stream Padding, and with empty Streams among them', async () => {
      const half = contents.length >> 1;
      const empty = await madeBy('xz', '-c', fileOf(work, 'empty', Buffer.alloc(0)));
      const first = await madeBy('xz', '-c0', '--check=sha256', fileOf(work, 'first', contents.subarray(0, half)));
      const second = await madeBy(
        'xz',
        '-c0',
        '-T2',
        '--block-size=1MiB',
        fileOf(work, 'second', contents.subarray(half)),
      );
      const nulls = (size: number): Buffer => Buffer.alloc(size);
      await assertReads('cat', Buffer.concat([first, second]));
      await assertReads('padding', Buffer.concat([first, nulls(4), second, nulls(70_000)]));
      await assertReads('empty', Buffer.concat([empty, empty, first, nulls(8), empty, nulls(4), second, empty]));
    });
  });

  it('pixz', { skip: unless('pixz') }, async () => {
    const output = join(work, 'pixz.xz');
    succeeded(await run('pixz', ['-1', '-p2', input, output]));
    const expected = succeeded(await run('xz', ['-dc', output])).stdout;
    await assertReads('pixz', readFileSync(output), expected);
  });

  it('7-Zip', { skip: unless('7zz') }, async () => {
    for (const level of [1, 5, 9]) {
      const output = join(work, `7zz-${level}.xz`);
      succeeded(await run('7zz', ['a', '-txz', `-mx=${level}`, '-mmt=2', output, input]));
      await assertReads(`7zz ${level}`, readFileSync(output));
    }
  });

  it("Python's lzma, with filters", { skip: unless('python3') }, async () => {
    const script = `import lzma, sys
kind, check = sys.argv[1], getattr(lzma, "CHECK_" + sys.argv[2])
last = {"id": lzma.FILTER_LZMA2, "preset": 1}
chains = {
    "plain": [last],
    "x86": [{"id": lzma.FILTER_X86}, last],
    "arm": [{"id": lzma.FILTER_ARM}, last],
    "delta": [{"id": lzma.FILTER_DELTA, "dist": 5}, last],
}
data = open(sys.argv[3], "rb").read()
sys.stdout.buffer.write(lzma.compress(data, lzma.FORMAT_XZ, check=check, filters=chains[kind]))`;
    for (const [kind, check] of [
      ['plain', 'CRC64'],
      ['x86', 'SHA256'],
      ['arm', 'CRC32'],
      ['delta', 'NONE'],
    ] as const) {
      await assertReads(kind, await madeBy('python3', '-c', script, kind, check, input));
    }
  });
});

describe('archives that xz makes and that we do not support', { skip: unless('xz') }, () => {
  it('have a start offset in a filter', async () => {
    const archive = await madeBy('xz', '-c', '--x86=start=4096', '--lzma2=preset=0', input);
    writeFileSync(join(work, 'start.xz'), archive);
    for (const settings of [fromFile(join(work, 'start.xz')), fromPipe(archive)]) {
      const { verdict, fault } = await checkContainer(settings);
      assert.deepEqual([verdict, fault], ['unsupported', { reason: 'start offset 4096 of filter x86', offset: 12 }]);
    }
  });

  it('have the filter for ARM64', async context => {
    const made = await run('xz', ['-c', '--arm64', '--lzma2=preset=0', input]);
    if (made.code !== 0) return context.skip('this xz has no such filter');
    const { verdict, fault } = await checkContainer(fromPipe(made.stdout));
    assert.deepEqual([verdict, fault?.reason], ['unsupported', 'filter 0x0a']);
  });
});
