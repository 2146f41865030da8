import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { copyFileSync, existsSync, mkdirSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { liblzmaBuild } from '../../src/lzma/build.js';
import { scratch } from '../support/scratch.js';

const directory = dirname(createRequire(import.meta.url).resolve('lzma-native/package.json'));
const prebuilt = join(directory, 'prebuilds', `${process.platform}-${process.arch}`);

/** Prints which binary was loaded, and a digest for each preset's encoding of the same input. */
const PROGRAM = `
import { createHash } from 'node:crypto';
import { createRequire } from 'node:module';
import { liblzma } from '${new URL('../../src/lzma/liblzma.js', import.meta.url).href}';
import { presetOptions } from '${new URL('../../src/lzma/presets.js', import.meta.url).href}';
import { headerText, randomBytes } from '${new URL('./lzmaSamples.js', import.meta.url).href}';
const input = Buffer.concat([headerText(200_000, 21), randomBytes(20_000, 22), headerText(100_000, 23)]);
const digests = [];
for (const level of [0, 1, 3, 4, 6, 9]) {
  for (const extreme of [false, true]) {
    const options = { ...presetOptions(level, extreme), dictionarySize: 2 ** 20 };
    digests.push(createHash('sha256').update(Buffer.concat(liblzma.encode(input, options))).digest('hex'));
  }
}
const binary = Object.keys(createRequire(import.meta.url).cache).find(path => path.endsWith('.node'));
console.log(JSON.stringify({ binary, digests }));
`;

function encodeWith(environment: Record<string, string>): { binary: string; digests: string[] } {
  const env = { ...process.env, ...environment };
  const args = ['--input-type=module', '-e', PROGRAM];
  const { status, stdout, stderr } = spawnSync(process.execPath, args, { env, encoding: 'utf8' });
  assert.equal(status, 0, stderr);
  return JSON.parse(stdout) as { binary: string; digests: string[] };
}

function reason(): string | false {
  if (liblzmaBuild() === 'prebuilt') return 'liblzma was not rebuilt here';
  return existsSync(prebuilt) ? false : 'lzma-native ships no binary for this platform';
}

test('the rebuilt and the prebuilt liblzma make the same bytes', { skip: reason() }, () => {
  const rebuilt = encodeWith({});
  const shipped = encodeWith({ PREBUILDS_ONLY: '1' });
  assert.match(rebuilt.binary, /\/build\/Release\//);
  assert.match(shipped.binary, /\/prebuilds\//);
  assert.equal(rebuilt.digests.length, 12);
  assert.deepEqual(rebuilt.digests, shipped.digests);
});

const SCRIPT = fileURLToPath(new URL('../../../src/lzma/rebuild.mjs', import.meta.url));

/** Runs the set-up script as an install does. */
function setUp(env: Readonly<Record<string, string>>): { status: number | null; stdout: string; stderr: string } {
  return spawnSync(process.execPath, [SCRIPT], { env, encoding: 'utf8' });
}

test('an install where the library is not to be rebuilt goes on, and says so in one line', () => {
  const { status, stdout, stderr } = setUp({ PATH: process.env['PATH'] ?? '', KHEADERS_PACK_REBUILD: '0' });
  assert.deepEqual([status, stderr], [0, '']);
  assert.match(stdout, /^kheaders-pack: liblzma stays as lzma-native ships it, .*: KHEADERS_PACK_REBUILD=0\n$/);
});

test('an install on a machine without a tool chain goes on, and says what is missing', t => {
  const copy = scratch(t);
  // Beside a copy of the package in which nothing was rebuilt.
  mkdirSync(join(copy, 'node_modules/lzma-native'), { recursive: true });
  copyFileSync(join(directory, 'package.json'), join(copy, 'node_modules/lzma-native/package.json'));
  copyFileSync(SCRIPT, join(copy, 'rebuild.mjs'));
  const { status, stdout, stderr } = spawnSync(process.execPath, [join(copy, 'rebuild.mjs')], {
    env: { PATH: '/nowhere' },
    encoding: 'utf8',
  });
  assert.deepEqual([status, stderr], [0, '']);
  assert.match(stdout, /^kheaders-pack: liblzma stays .*: no make, g\+\+, python3, sh, bzip2 to rebuild it with\n$/);
});
