import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { after, before, beforeEach, describe, it } from 'node:test';
import { PROGRAM, PROJECT_ROOT } from '../../corpus/trees.js';
import { STARTED } from '../../src/cli/bundles.js';
import { packed } from '../support/archive.js';
import { type Ended, run } from '../support/cli.js';
import { kernelTree } from '../support/kernelTree.js';
import { scratch } from '../support/scratch.js';

const work = scratch({ after });
/** An installation of its own, since code is taken away from it, and broken. */
const root = join(work, 'installed');
const bin = join(root, 'dist/bin');
const archive = join(work, 'a.tar.xz');
/** Tells of each script whether V8 took the code that it was given; loaded before the program. */
const watch = join(work, 'watch.cjs');
/** Makes it another Node, loaded before all else. */
const other = join(work, 'other.cjs');
const WATCH = `
const vm = require('node:vm');
vm.Script = class extends vm.Script {
  constructor(source, options) {
    super(source, options);
    if ('cachedData' in options) process._rawDebug(this.cachedDataRejected ? 'refused' : 'taken');
  }
};`;

function keepCode(): { readonly status: number | null; readonly stdout: string } {
  return spawnSync(process.execPath, [join(bin, 'keepCode.js')], { encoding: 'utf8' });
}

function runInstalled(...args: readonly string[]): Promise<Ended> {
  return run(process.execPath, ['--require', watch, join(bin, 'main.js'), ...args]);
}

before(async () => {
  mkdirSync(dirname(bin), { recursive: true });
  cpSync(dirname(PROGRAM), bin, { recursive: true });
  writeFileSync(join(root, 'package.json'), readFileSync(join(PROJECT_ROOT, 'package.json')));
  symlinkSync(join(PROJECT_ROOT, 'node_modules'), join(root, 'node_modules'));
  writeFileSync(watch, WATCH);
  await packed([kernelTree(join(work, 'linux'), { 'include/linux/a.h': '#define A 1\n' })], archive);
});

describe("V8's code for the bundles", () => {
  beforeEach(() => {
    const { status, stdout } = keepCode();
    assert.deepEqual([status, stdout], [0, `kheaders-pack: V8's code is kept of ${STARTED.join(', ')}\n`]);
  });

  it('is kept beside each, and nothing else is', () => {
    const others = readdirSync(dirname(PROGRAM)).filter(name => !name.endsWith('.code'));
    assert.deepEqual(readdirSync(bin).sort(), [...others, ...STARTED.map(name => `${name}.code`)].sort());
  });

  it('is taken by the V8 that made it', async () => {
    for (const args of [['--version'], ['verify', archive], ['diff', archive, archive]]) {
      const { code, stderr } = await runInstalled(...args);
      assert.deepEqual([code, stderr.split('\n')[0]], [0, 'taken'], args.join(' '));
    }
  });

  it('is not taken for other flags, and not given where it is missing, damaged or of another source', async () => {
    const path = join(bin, 'readAlone.code');
    const source = join(bin, 'readAlone.js');
    const whole = readFileSync(path);
    const text = readFileSync(source, 'utf8');
    const expected = await run(process.execPath, [PROGRAM, 'verify', '--json', archive]);
    assert.equal(expected.code, 0);
    const damaged = Buffer.from(whole);
    damaged[whole.length >> 1] = (damaged[whole.length >> 1] ?? 0) ^ 1;
    const cases: Readonly<Record<string, () => void>> = {
      missing: () => rmSync(path),
      empty: () => writeFileSync(path, ''),
      'cut short': () => writeFileSync(path, whole.subarray(0, -1)),
      damaged: () => writeFileSync(path, damaged),
      "another bundle's": () => writeFileSync(path, readFileSync(join(bin, 'packAlone.code'))),
      'of a source of the same length': () => writeFileSync(source, text.replace('Check', 'Chick')),
    };
    for (const [what, make] of Object.entries(cases)) {
      make();
      const { code, stdout, stderr } = await runInstalled('verify', '--json', archive);
      assert.deepEqual([code, stdout, stderr], [0, expected.stdout, expected.stderr], what);
      writeFileSync(path, whole);
      writeFileSync(source, text);
    }
    writeFileSync(other, "Object.defineProperty(process, 'version', { value: 'v20.19.9' });");
    const { code: exitCode, stderr: said } = await run(process.execPath, [
      ...['--require', other, '--require', watch],
      ...[join(bin, 'main.js'), 'verify', archive],
    ]);
    assert.deepEqual([exitCode, said], [0, ''], 'that of another Node, of which V8 may know nothing');
    const args = ['--require', watch, '--stack-size=900', join(bin, 'main.js'), 'verify', '--json', archive];
    const { code, stdout, stderr } = await run(process.execPath, args);
    assert.deepEqual([code, stdout, stderr], [0, expected.stdout, `refused\n${expected.stderr}`]);
  });

  it('is of strict code, as modules are', () => {
    const bundles = readdirSync(bin).filter(name => name.endsWith('.js'));
    assert.ok(bundles.length >= STARTED.length);
    for (const name of bundles) assert.match(readFileSync(join(bin, name), 'utf8'), /^(#!.*\n)?"use strict";/, name);
  });

  it('is not needed: who cannot keep it says why, and an install goes on', () => {
    const hidden = join(work, 'radix.wasm');
    renameSync(join(bin, 'radix.wasm'), hidden);
    try {
      const { status, stdout } = keepCode();
      assert.equal(status, 0);
      assert.match(stdout, /^kheaders-pack: V8's code is not kept, so each run starts later: .*radix\.wasm/);
    } finally {
      renameSync(hidden, join(bin, 'radix.wasm'));
    }
  });
});
