import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { generateTree } from '../synthetic.js';
import { OTHER_TIMESTAMPS, type ParityCase, TIMESTAMP } from './cases.js';

/**
 * Cases on made-up trees, which have what real ones lack: names and link targets about and over 100 bytes, a dangling
 * link, names that NFS and AFS leave behind, a name with a blank, a directory named like a header. The small tree takes
 * every other form of time stamp.
 */
export function madeCases(scratch: string, script: string): ParityCase[] {
  const source = join(scratch, 'source');
  const object = join(scratch, 'object');
  const small = join(scratch, 'small');
  generateTree(source, { headers: 1000, seed: 1 });
  generateTree(object, { headers: 300, seed: 2 });
  generateTree(small, { headers: 20, seed: 3 });
  for (const tree of [source, object]) addOddities(tree);
  const common = { arch: 'x86', timestamp: TIMESTAMP, told: 'option', script } as const;
  return [
    { ...common, name: 'made-up tree', source, object: null },
    { ...common, name: 'made-up tree over another', source, object },
    ...OTHER_TIMESTAMPS.flatMap(timestamp =>
      (['option', 'environment'] as const).map(told => ({
        ...common,
        name: `made-up tree, ${told === 'option' ? '--mtime' : 'KBUILD_BUILD_TIMESTAMP'} "${timestamp}"`,
        source: small,
        object: null,
        timestamp,
        told,
      })),
    ),
  ];
}

function addOddities(tree: string): void {
  const linux = join(tree, 'include', 'linux');
  mkdirSync(join(linux, 'directory.h'), { recursive: true });
  for (const name of [
    '.nfs0001.h',
    '.__afs0001.h',
    '.hidden.h',
    'with a blank.h',
    'directory.h/inside.h',
    'a.h',
    'a-b.h',
    'a/b.h',
    'a+.h',
  ]) {
    mkdirSync(join(linux, name, '..'), { recursive: true });
    writeFileSync(join(linux, name), `/* SPDX-License-Identifier: MIT */\n#define NAME "${name}" /* gone */\n`);
  }
}
