import assert from 'node:assert/strict';
import { truncateSync } from 'node:fs';
import { join } from 'node:path';
import { after, describe, it } from 'node:test';
import { inferStrip } from '../../src/archive/verify/inferStrip.js';
import { fromLatin1 } from '../../src/bytes/bytePath.js';
import type { IndexedEntry } from '../../src/model/archiveIndex.js';
import { writeFiles } from '../support/kernelTree.js';
import { scratch } from '../support/scratch.js';
import { sha256 } from '../support/snapshot.js';

const HEADER = '#define A 1\n/* said */\n';
const SIZE = 2 ** 20;

const work = scratch({ after });
writeFiles(work, {
  'tree/include/a.h': HEADER,
  'tree/include/largest.h': '',
  'tree/include/larger.h': '',
  'outside/secret.h': HEADER,
});
truncateSync(join(work, 'tree/include/largest.h'), SIZE);
truncateSync(join(work, 'tree/include/larger.h'), SIZE + 1);
const kernels = [{ name: '', trees: { sourceTree: join(work, 'tree'), objectTree: null } }];

const NONE = fromLatin1('');

function entry(name: string, content: string | Buffer = HEADER): IndexedEntry {
  const owner = { uid: 0, gid: 0, uname: NONE, gname: NONE };
  const place = { offset: 0, contentOffset: 512 };
  const device = { devmajor: 0, devminor: 0 };
  const rest = { typeflag: '0', mode: 0o644, size: 1, mtime: 0, linkname: NONE, format: 'gnu' } as const;
  return { name: fromLatin1(name), ...owner, ...place, ...device, ...rest, sha256: sha256(Buffer.from(content)) };
}

describe('the strip mode that headers show', () => {
  it('is the one that makes them of the tree', () => {
    assert.equal(inferStrip([entry('./include/a.h')], kernels), 'none');
  });

  it('is not looked for in files outside the tree, whatever an archive calls its members', () => {
    for (const name of ['./include/../../outside/secret.h', './../outside/secret.h', `./${work}/outside/secret.h`]) {
      assert.equal(inferStrip([entry(name)], kernels), null, name);
    }
  });

  it('is not looked for in files larger than the headers that are tried', () => {
    assert.equal(inferStrip([entry('./include/largest.h', Buffer.alloc(SIZE))], kernels), 'comments');
    assert.equal(inferStrip([entry('./include/larger.h', Buffer.alloc(SIZE + 1))], kernels), null);
  });
});
