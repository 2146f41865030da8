import assert from 'node:assert/strict';
import { closeSync, existsSync, openSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { CreatedFile } from '../../../src/archive/extract/createdFile.js';
import { scratch } from '../../support/scratch.js';

describe('a file that is filled', () => {
  it('takes its name when it is whole', t => {
    const directory = scratch(t);
    const [temporary, final] = [join(directory, 'temporary'), join(directory, 'final')];
    const file = new CreatedFile(openSync(temporary, 'wx'), temporary, final);
    file.write(Buffer.from('a'));
    file.write(Buffer.from('b'));
    file.finish(0, 0);
    assert.deepEqual([readFileSync(final, 'utf8'), existsSync(temporary)], ['ab', false]);
  });

  it('has its time to the microsecond, before 1970 to the millisecond, as far as there are dates', t => {
    const directory = scratch(t);
    const nanoseconds = (seconds: number): bigint => {
      const path = join(directory, String(seconds));
      const file = new CreatedFile(openSync(path, 'wx'), path, null);
      file.finish(0, seconds);
      return statSync(path, { bigint: true }).mtimeNs;
    };
    for (const microseconds of [300_000n, 123_456n, 1n, 999_999n, 0n, 16_666n]) {
      const text = `1700000000.${String(microseconds).padStart(6, '0')}`;
      assert.equal(nanoseconds(Number(text)), (1_700_000_000_000_000n + microseconds) * 1000n, text);
    }
    assert.equal(nanoseconds(0.5), 500_000_000n);
    assert.equal(nanoseconds(Number('1700000000.9999994')), 1_700_000_000_999_999_000n);
    for (const milliseconds of [-1n, -1_500n, -1_234_567_124n]) {
      const wrong = nanoseconds(Number(milliseconds) / 1000) - milliseconds * 1_000_000n;
      assert.ok(wrong > -2000n && wrong < 2000n, `${milliseconds}: ${wrong}`);
    }
    assert.ok(nanoseconds(-9e12) < 0n);
  });

  it('is gone when it is abandoned, though closing it fails, too', t => {
    const path = join(scratch(t), 'a');
    const descriptor = openSync(path, 'wx');
    closeSync(descriptor);
    new CreatedFile(descriptor, path, null).abandon();
    assert.ok(!existsSync(path));
  });
});
