import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, it } from 'node:test';
import { PROJECT_ROOT } from '../../corpus/trees.js';
import { DOCUMENTS, linksOf } from './documents.js';

/** Top-level names of the project: what begins with one of them, in backquotes or a command, is a path. */
const ROOMS = 'src|test|bench|corpus|docs|assembly|dist|\\.ci';
const PATH = new RegExp(`^(?:${ROOMS})/[\\w./@-]*$|^[A-Z]+\\.md$|^package\\.json$`);
/** What npm run corpus fetches or records, and what the kernel proof builds. */
const FETCHED = /^corpus\/(?:trees|kernels|packages\.json)/;
/** A word in capitals stands for what the reader fills in. */
const PLACEHOLDER = /(?:^|[/-])[A-Z]{3,}(?![A-Z]*\.md)/;

const { scripts } = JSON.parse(readFileSync(join(PROJECT_ROOT, 'package.json'), 'utf8')) as { scripts: object };

describe('the documents', () => {
  it('are there', () => {
    const paths = DOCUMENTS.map(({ path }) => path);
    for (const path of ['README.md', 'ARCHITECTURE.md', 'CONTRIBUTING.md', 'CHANGELOG.md', 'docs/recipes.md'])
      assert.ok(paths.includes(path), path);
  });

  for (const document of DOCUMENTS) {
    it(`link to what is there: ${document.path}`, () => {
      for (const target of linksOf(document)) {
        const [file = '', anchor] = target.split('#');
        const path = file === '' ? document.path : join(dirname(document.path), file);
        assert.ok(existsSync(join(PROJECT_ROOT, path)), `${target} of ${document.path}`);
        if (anchor === undefined) continue;
        assert.ok(anchorsOf(readFileSync(join(PROJECT_ROOT, path), 'utf8')).includes(anchor), `#${anchor} of ${path}`);
      }
    });

    it(`name paths and scripts that are there: ${document.path}`, () => {
      const code = [...document.inline, ...document.blocks.flatMap(({ lines }) => lines)];
      const words = code.flatMap(text => text.split(/[\s=:,'"()]+/)).map(word => word.replace(/[.;]$/, ''));
      const paths = words.filter(word => PATH.test(word) && !FETCHED.test(word) && !PLACEHOLDER.test(word));
      assert.deepEqual(
        paths.filter(
          path => ![PROJECT_ROOT, join(PROJECT_ROOT, dirname(document.path))].some(at => existsSync(join(at, path))),
        ),
        [],
      );
      const named = code
        .flatMap(text => [...text.matchAll(/npm run (?:--silent )?([\w:]+)/g)])
        .map(match => match[1] ?? '');
      assert.deepEqual(
        named.filter(name => !Object.hasOwn(scripts, name)),
        [],
      );
    });
  }

  it('have many paths and links, so that the above looks at something', () => {
    const named = DOCUMENTS.flatMap(({ inline }) => inline).filter(text => PATH.test(text));
    assert.ok(named.length > 60, `${named.length} paths`);
    assert.ok(DOCUMENTS.flatMap(linksOf).length > 20);
  });

  it('are all reached from the README', () => {
    const reached = new Set(['README.md']);
    for (const path of reached) {
      const document = DOCUMENTS.find(each => each.path === path);
      for (const target of document === undefined ? [] : linksOf(document)) {
        reached.add(join(dirname(path), target.split('#')[0] ?? ''));
      }
    }
    const missed = DOCUMENTS.map(({ path }) => path).filter(path => !reached.has(path));
    assert.deepEqual(missed, []);
  });
});

/** What a heading can be linked to by, as GitHub and others have it. */
function anchorsOf(text: string): string[] {
  return [...text.matchAll(/^#+ (.+)$/gm)].map(([, heading = '']) =>
    heading
      .toLowerCase()
      .replace(/[^\w\s-]/g, '')
      .replaceAll(' ', '-'),
  );
}
