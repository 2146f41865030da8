import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { it } from 'node:test';
import { findArchive } from '../../src/image/findArchive.js';
import { packageFile } from '../../src/version.js';
import { CHECKS } from '../../src/xz/check.js';
import { succeeded } from '../support/archive.js';
import { run } from '../support/cli.js';
import { scratch } from '../support/scratch.js';
import { tarOfParts } from '../support/tarBuilder.js';
import { unless } from '../support/tools.js';
import { storedBlock, stream } from '../xz/buildXz.js';

it('the archive in a module lies between its markers and symbols, at a multiple of four', {
  skip: unless('gcc'),
}, async t => {
  const work = scratch(t);
  const tar = tarOfParts({ name: './include/a.h', content: '#define A 1\n' });
  const archive = stream(1, [storedBlock(tar, CHECKS.crc32.compute(tar))]);
  writeFileSync(join(work, 'a.xz'), archive);
  const source = readFileSync(packageFile('src/image/module/kheaders_archive.c'), 'utf8');
  const section = /^asm \([\s\S]*?^\);$/m.exec(source)?.[0];
  assert.ok(section !== undefined);
  // Something before it, so that the section does not begin with the archive.
  const before = 'static const char odd[] __attribute__((used, section(".rodata"))) = "odd length";\n';
  writeFileSync(join(work, 'm.c'), `#define KHEADERS_ARCHIVE "a.xz"\n${before}${section}\n`);
  succeeded(await run('gcc', ['-c', 'm.c', '-o', 'm.ko'], { cwd: work }));
  const found = await findArchive(join(work, 'm.ko'));
  assert.ok(found !== null);
  assert.equal(found.by, 'markers');
  assert.deepEqual(Buffer.from(found.bytes), archive);
  assert.equal(found.offset % 4, 0);
});
