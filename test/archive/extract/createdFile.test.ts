import assert from 'node:assert/strict';
import { closeSync, existsSync, openSync, readFileSync } from 'node:fs';
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

  it('is gone when it is abandoned, though closing it fails, too', t => {
    const path = join(scratch(t), 'a');
    const descriptor = openSync(path, 'wx');
    closeSync(descriptor);
    new CreatedFile(descriptor, path, null).abandon();
    assert.ok(!existsSync(path));
  });
});
