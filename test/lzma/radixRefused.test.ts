import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { packed, succeeded } from '../support/archive.js';
import { type Ended, PROGRAM, run } from '../support/cli.js';
import { kernelTree, noise } from '../support/kernelTree.js';
import { scratch } from '../support/scratch.js';
import { sha256 } from '../support/snapshot.js';
import { UNLESS_WITHOUT_SIMD, unlessTooFewAddresses } from '../support/tools.js';

/** As with --jitless, which says so in a line of its own on some Nodes, and is all that others have. */
const NO_WEB_ASSEMBLY = ['--no-expose-wasm', '--jitless'].filter(
  option => spawnSync(process.execPath, [option, '-e', '0']).status === 0,
)[0] as string;
const ADDRESSES_KIB = 6_000_000;

/** Where the radix encoder cannot run, by what the shell does first and what Node is told; and what is said then. */
const PLACES = [
  {
    name: 'no WebAssembly',
    shell: '',
    node: [NO_WEB_ASSEMBLY],
    reason: /it needs WebAssembly, which is turned off here/,
    skip: false,
  },
  {
    name: 'no SIMD in WebAssembly',
    shell: '',
    node: ['--no-enable-sse4-1'],
    reason: /Wasm SIMD unsupported/,
    skip: UNLESS_WITHOUT_SIMD,
  },
  {
    name: 'no addresses for a shared memory',
    shell: `ulimit -v ${ADDRESSES_KIB}; `,
    node: [],
    reason: /could not allocate memory/i,
    skip: unlessTooFewAddresses(ADDRESSES_KIB),
  },
] as const;

const work = scratch({ after });
const tree = kernelTree(
  join(work, 'tree'),
  Object.fromEntries(Array.from({ length: 8 }, (_, i) => [`include/linux/n${i}.h`, noise(30_000, i)])),
);
const QUICK = ['--arch', 'x86', '--preset', '0', '--jobs', '2'];

describe('where the radix encoder cannot run', () => {
  const expected: Record<string, string> = {};
  before(async () => {
    for (const check of ['crc64', 'sha256']) {
      const options = [tree, ...QUICK, '--codec', 'liblzma', '--check', check];
      expected[check] = await packed(options, join(work, `${check}.tar.xz`));
    }
  });

  for (const { name, shell, node, reason, skip } of PLACES) {
    const pack = (directory: string, options: readonly string[]): Promise<Ended> => {
      const command = [process.execPath, ...node, PROGRAM, 'pack', tree, ...QUICK, '-q', ...options];
      return run('sh', ['-c', `${shell}exec "$@"`, 'sh', ...command], { cwd: directory });
    };

    for (const blockSize of ['1MiB', '8MiB']) {
      it(`(${name}) it is refused with a hint, and nothing is written, with Blocks of ${blockSize}`, {
        skip,
      }, async t => {
        const directory = scratch(t);
        const { code, stderr } = await pack(directory, ['--codec', 'radix', '--block-size', blockSize]);
        assert.equal(code, 2, stderr);
        assert.match(stderr, /^kheaders-pack: Cannot run codec "radix\/\d+": [^\n]* \(or choose --codec liblzma\)\n$/);
        assert.match(stderr, reason);
        assert.deepEqual(readdirSync(directory), []);
      });
    }

    it(`(${name}) liblzma makes the bytes that it makes anywhere`, { skip }, async t => {
      for (const [check, digest] of Object.entries(expected)) {
        const directory = scratch(t);
        const archive = join(directory, 'k.tar.xz');
        succeeded(await pack(directory, ['--codec', 'liblzma', '--check', check, '-o', archive]));
        assert.equal(sha256(readFileSync(archive)), digest, check);
      }
    });
  }
});
