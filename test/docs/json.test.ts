import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { packed } from '../support/archive.js';
import { runCli } from '../support/cli.js';
import { xz } from '../support/hostile.js';
import { kernelTree } from '../support/kernelTree.js';
import { scratch } from '../support/scratch.js';
import { paxHeader, tarOfParts } from '../support/tarBuilder.js';
import { unless } from '../support/tools.js';
import { DOCUMENTS } from './documents.js';

const work = scratch({ after });
const [tree, other, oddTree] = [join(work, 'tree'), join(work, 'other'), join(work, 'oddTree')];
const [archive, changed, odd] = [join(work, 'k.tar.xz'), join(work, 'changed.tar.xz'), join(work, 'odd.tar.xz')];
const QUICK = ['--preset', '0', '--jobs', '2', '--no-cache', '--arch', 'x86'];

before(async () => {
  const files = {
    'include/linux/a.h': '#define A 1\n',
    'include/linux/b.h': '#define A 1\n',
    'include/l.h': { linkTo: 'x' },
  };
  kernelTree(tree, files);
  kernelTree(oddTree, { 'include/\xff.h': '\n', 'include/l.h': { linkTo: '\xff' } });
  kernelTree(other, {
    ...files,
    'include/linux/a.h': '#define A 2\n',
    'include/linux/c.h': '\n',
    'include/l.h': { linkTo: 'y' },
  });
  await packed([tree, ...QUICK], archive);
  await packed([other, ...QUICK, '--order', 'gnu', '--block-size', '4KiB'], changed);
  const parts = [{ name: 'a\xff' }, { name: 'l', typeflag: '2', linkname: '\xff' }, { name: 'd', typeflag: '3' }];
  writeFileSync(odd, xz(tarOfParts(paxHeader({ mtime: '1.5' }), ...parts, { name: '../out' })));
});

/** The fields that a schema's section of the document names. */
function documented(schema: string): Set<string> {
  const { text } = DOCUMENTS.find(({ path }) => path === 'docs/json.md') ?? assert.fail('no document');
  const [, section = assert.fail(`no section for ${schema}`)] = text.split(`\n## ${schema}\n`);
  const [own = ''] = section.split('\n## ');
  return new Set([...own.matchAll(/`([^`\n]+)`/g)].map(([, field = '']) => field));
}

/** What is described elsewhere: in the manifest, beside it, or in another section. */
const ELSEWHERE = /^(?:settings\.(?!\[)|error\.facts\.|cache\.|verify\.|b\.|gatheredB\[\]\.)/;

/** The paths of a document's fields: `entries[].path`. */
function fieldsOf(value: unknown, path = ''): string[] {
  if (Array.isArray(value)) return [`${path}[]`, ...value.flatMap(each => fieldsOf(each, `${path}[]`))];
  if (typeof value !== 'object' || value === null) return [path];
  return Object.entries(value).flatMap(([name, each]) => fieldsOf(each, path === '' ? name : `${path}.${name}`));
}

/** A list is described by its elements, and so is what was empty this time. */
function isDescribed(field: string, known: ReadonlySet<string>): boolean {
  return known.has(`${field}[]`) || (field.endsWith('[]') && [...known].some(each => each.startsWith(`${field}.`)));
}

describe('docs/json.md names every field of', { skip: unless('xz') }, () => {
  const documents: readonly (readonly [schema: string, ...args: string[]])[] = [
    ['list', 'list', odd],
    ['list', 'list', archive],
    ['verify', 'verify', archive],
    ['verify', 'verify', '--container', archive],
    ['verify', 'verify', changed, tree, '--arch', 'x86'],
    ['vary', 'verify', '--vary', archive, tree, '--arch', 'x86', '--jobs', '2'],
    ['diff', 'diff', archive, changed],
    ['extract', 'extract', archive, '-C', join(work, 'out')],
    ['extract-failure', 'extract', odd, '-C', join(work, 'refused')],
    ['failure', 'verify', join(work, 'missing')],
    ['summary', 'pack', tree, ...QUICK, '-o', join(work, 'again.tar.xz')],
    ['summary', 'pack', '--from-tar', archive, '--preset', '0', '--no-cache', '-o', join(work, 'recompressed.tar.xz')],
    ['plan', 'pack', tree, '--dry-run', '--arch', 'x86'],
    ['plan', 'pack', oddTree, '--dry-run', '--arch', 'x86'],
    ['module', 'module', archive, '-C', join(work, 'module')],
  ];
  for (const [name, ...args] of documents) {
    it(`${name}: ${args.filter(arg => !arg.startsWith('/')).join(' ')}`, async () => {
      const { stdout } = await runCli([...args, '--json']);
      const { schema, ...rest } = JSON.parse(stdout.toString());
      assert.equal(schema, `kheaders-pack/${name}/1`);
      const known = documented(schema);
      const isKnown = (field: string): boolean =>
        ELSEWHERE.test(field) || known.has(field) || known.has(field.replace(/\[\]$/, '')) || isDescribed(field, known);
      const unknown = fieldsOf(rest).filter(field => !isKnown(field));
      assert.deepEqual([...new Set(unknown)], []);
    });
  }
});

it('docs/json.md says with which exit codes a failure goes', { skip: unless('xz') }, async () => {
  const bad = join(work, 'bad.tar.xz');
  writeFileSync(bad, readFileSync(archive).fill(0xff, 100, 120));
  const { text } = DOCUMENTS.find(({ path }) => path === 'docs/json.md') ?? assert.fail('no document');
  const [, section = ''] = text.split('\n## kheaders-pack/failure/1\n');
  const [words = ''] = section.split('\n\n').filter(each => each.includes('exit code'));
  for (const [path, expected] of [
    [join(work, 'missing'), 2],
    [bad, 1],
  ] as const) {
    const { code, stdout } = await runCli(['module', path, '-C', join(work, 'none'), '--json']);
    assert.deepEqual([code, JSON.parse(stdout.toString()).schema], [expected, 'kheaders-pack/failure/1']);
    assert.match(words, new RegExp(`\\b${expected}\\b`));
  }
});
