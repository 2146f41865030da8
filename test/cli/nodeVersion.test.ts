import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { PROJECT_ROOT } from '../../corpus/trees.js';
import { refusal } from '../../src/cli/nodeVersion.js';
import { runCli } from '../support/cli.js';

/** Runs the program as if Node had another version. */
function runAs(version: string): ReturnType<typeof runCli> {
  const module = `Object.defineProperty(process, 'versions', { value: { ...process.versions, node: '${version}' } });`;
  return runCli(['--version'], {
    env: { NODE_OPTIONS: `--import data:text/javascript,${encodeURIComponent(module)}` },
  });
}

describe('a Node that is too old', () => {
  it('is refused in one line, with exit code 2', async () => {
    const { code, stdout, stderr } = await runAs('18.20.8');
    assert.deepEqual(
      [code, stdout.toString(), stderr],
      [2, '', 'kheaders-pack: Cannot run on Node 18.20.8: expected 20.19 or later\n'],
    );
    assert.equal((await runAs('22.1.0')).code, 0);
  });

  it('is one below what package.json asks for', () => {
    const { engines } = JSON.parse(readFileSync(join(PROJECT_ROOT, 'package.json'), 'utf8'));
    const [, major, minor] = /^>=(\d+)\.(\d+)$/.exec(engines.node) ?? [];
    assert.match(
      refusal(`${major}.${Number(minor) - 1}.9`) ?? '',
      new RegExp(`expected ${major}\\.${minor} or later$`),
    );
    assert.equal(refusal(`${major}.${minor}.0`), null);
  });

  it('may have more than one digit everywhere', () => {
    assert.deepEqual(
      ['20.19.5', '20.20.0', '22.0.0', '100.0.0', '23.0.0-nightly2024'].map(refusal),
      Array(5).fill(null),
    );
    for (const version of ['20.18.99', '20.9.0', '19.20.0', '9.99.9']) assert.notEqual(refusal(version), null, version);
  });
});
