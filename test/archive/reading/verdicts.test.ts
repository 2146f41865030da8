import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { after, describe, it } from 'node:test';
import { checkContainer } from '../../../src/archive/reading/checkContainer.js';
import { succeeded } from '../../support/archive.js';
import { run } from '../../support/cli.js';
import { scratch } from '../../support/scratch.js';
import { unless } from '../../support/tools.js';
import { fromFile, fromPipe, outcomeOf } from './reader.js';

const work = scratch({ after });

/**
 * The files that come with xz to test decoders, whose names begin with the verdict. They lie in the source of liblzma
 * that lzma-native brings along.
 */
async function xzTestFiles(): Promise<string> {
  const lzmaNative = dirname(createRequire(import.meta.url).resolve('lzma-native/package.json'));
  const source = join(lzmaNative, 'deps', 'xz-5.2.3.tar.bz2');
  succeeded(await run('tar', ['-xjf', source, '-C', work, '--strip-components=3', 'xz-5.2.3/tests/files']));
  return work;
}

describe("xz's own test files", { skip: unless('xz', 'tar', 'bzip2') }, () => {
  const directory = xzTestFiles();

  it('get the verdicts that their names say, from a file and from a pipe', async () => {
    const names = readdirSync(await directory).filter(name => name.endsWith('.xz'));
    const table = { good: 0, bad: 0, unsupported: 0 };
    for (const name of names) {
      const path = join(await directory, name);
      const expected = name.split('-')[0];
      for (const settings of [fromFile(path), fromPipe(readFileSync(path))]) {
        const report = await checkContainer(settings);
        assert.equal(report.verdict, expected, `${name}: ${report.fault?.reason}`);
        assert.equal(report.fault === null, expected === 'good', name);
      }
      table[expected as keyof typeof table]++;
    }
    assert.deepEqual(table, { good: 21, bad: 37, unsupported: 5 });
  });

  it('give the contents that xz gives', async () => {
    const names = readdirSync(await directory).filter(name => /^(good-.*|unsupported-check)\.xz$/.test(name));
    assert.ok(names.length > 20);
    for (const name of names) {
      const path = join(await directory, name);
      const { stdout } = await run('xz', ['-dcq', path]);
      for (const settings of [fromFile(path), fromPipe(readFileSync(path), {}, 1)]) {
        const outcome = await outcomeOf(settings);
        assert.ok(outcome.verdict === 'good', name);
        assert.ok(outcome.contents.equals(stdout), name);
        assert.equal(outcome.notices.length, name.startsWith('unsupported') ? 1 : 0);
      }
    }
  });
});
