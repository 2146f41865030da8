import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { importsOf, packageOf, resolveImport, SOURCE, sourceFiles, withoutComments } from './sources.js';

/** DESIGN.md, section 3: a file imports from its own room or from an earlier row. */
const ROWS: readonly (readonly string[])[] = [
  ['errors.ts', 'version.ts', 'bytes', 'flow'],
  ['model'],
  ['tar', 'xz', 'lzma'],
  ['tree', 'strip', 'plan'],
  ['pool'],
  ['settings', 'cache'],
  ['archive'],
  ['image', 'measure', 'kbuild'],
  ['cli'],
  ['index.ts'],
];

/** The only room that may import each dependency. */
const ROOM_OF_PACKAGE: Readonly<Record<string, string>> = {
  piscina: 'pool',
  'lzma-native': 'lzma',
  commander: 'cli',
  'cli-progress': 'cli',
  fzstd: 'image',
  diff: 'archive',
  '@observablehq/plot': 'measure',
  linkedom: 'measure',
};

/** The first row that may ask the environment. */
const SETTINGS_ROW = 5;
const ENVIRONMENT =
  /\bprocess\.(?:env|cwd|argv|stdout|stdin|stderr)\b|\bDate\.now\b|\bnew Date\(\)|\bnode:os\b|\blocaleCompare\b|\btoLocale\w+\b|\bIntl\b|\bMath\.random\b/g;
const LINES_MAX = 250;

const files = sourceFiles();
const roomOf = (path: string): string => path.split('/')[0] ?? '';
const rowOf = (path: string): number => ROWS.findIndex(row => row.includes(roomOf(path)));

describe('the rooms', () => {
  it('are those of the design, and every file is in one', () => {
    assert.ok(files.length > 40);
    assert.deepEqual(
      files.filter(file => rowOf(file.path) < 0).map(file => file.path),
      [],
    );
  });

  it('import from themselves or from an earlier row', () => {
    const violations: string[] = [];
    for (const { path, imports } of files) {
      for (const target of imports.map(specifier => resolveImport(path, specifier))) {
        if (target === null || roomOf(target) === roomOf(path) || rowOf(target) < rowOf(path)) continue;
        // package.json is above them all.
        if (!target.startsWith('../')) violations.push(`${path} imports ${target}`);
      }
    }
    assert.deepEqual(violations, []);
  });

  it('import files that are there', () => {
    const missing = files.flatMap(({ path, imports }) =>
      imports
        .map(specifier => resolveImport(path, specifier))
        .filter(target => target !== null && !existsSync(join(SOURCE, target)))
        .map(target => `${path} imports ${target}`),
    );
    assert.deepEqual(missing, []);
  });

  it('hold one dependency each', () => {
    const violations = files.flatMap(({ path, imports }) =>
      imports
        .map(packageOf)
        .filter(name => name !== null && ROOM_OF_PACKAGE[name] !== roomOf(path))
        .map(name => `${path} imports ${name}`),
    );
    assert.deepEqual(violations, []);
  });

  it('use every dependency of package.json, and no other', () => {
    const manifest = JSON.parse(readFileSync(join(SOURCE, '../package.json'), 'utf8')) as { dependencies: object };
    const used = new Set(files.flatMap(file => file.imports.map(packageOf)).filter(name => name !== null));
    assert.deepEqual([...used].sort(), Object.keys(manifest.dependencies).sort());
  });

  it('below the settings do not ask the clock, the locale, the environment or chance', () => {
    const violations = files
      .filter(file => rowOf(file.path) < SETTINGS_ROW)
      .flatMap(({ path, text }) =>
        [...withoutComments(text).matchAll(ENVIRONMENT)].map(([found]) => `${path}: ${found}`),
      );
    assert.deepEqual(violations, []);
  });

  it('have no import cycle between their files', () => {
    const targets = new Map(
      files.map(({ path, imports }) => [path, imports.map(specifier => resolveImport(path, specifier))]),
    );
    const done = new Set<string>();
    const cycles: string[] = [];
    const visit = (path: string, trail: readonly string[]): void => {
      if (trail.includes(path)) cycles.push([...trail.slice(trail.indexOf(path)), path].join(' -> '));
      if (done.has(path) || trail.includes(path)) return;
      for (const target of targets.get(path) ?? []) if (target !== null) visit(target, [...trail, path]);
      done.add(path);
    };
    for (const { path } of files) visit(path, []);
    assert.deepEqual(cycles, []);
  });

  it('are not called utils, helpers, common or lib', () => {
    const rooms = readdirSync(SOURCE, { recursive: true, encoding: 'utf8' });
    assert.deepEqual(
      rooms.filter(path => /(^|\/)(utils?|helpers?|common|lib|misc)(\.ts)?(\/|$)/.test(path)),
      [],
    );
  });
});

describe('the files', () => {
  it('have named exports only', () => {
    const violations = files.filter(({ text }) => /^export default\b|\bas default\b/m.test(withoutComments(text)));
    assert.deepEqual(
      violations.map(file => file.path),
      [],
    );
  });

  it('re-export nothing, but for the public index', () => {
    const barrels = files.filter(({ path, text }) => path !== 'index.ts' && /^export\b[^;]*\bfrom '/m.test(text));
    assert.deepEqual(
      barrels.map(file => file.path),
      [],
    );
  });

  it(`have at most ${LINES_MAX} lines`, () => {
    const long = files.map(({ path, text }) => ({ path, lines: text.split('\n').length - 1 }));
    assert.deepEqual(
      long.filter(file => file.lines > LINES_MAX),
      [],
    );
  });

  it('never import the set-up script, which runs before anything is compiled', () => {
    const imports = files.flatMap(file => file.imports);
    assert.deepEqual(
      imports.filter(specifier => specifier.endsWith('.mjs')),
      [],
    );
  });
});

describe('the reader of imports', () => {
  it('sees every form of import', () => {
    const text = `import a from 'a';
import { b,
  type C } from './b.js';
import type { D } from './d.js';
import 'e';
export { f } from './f.js';
export type { G } from './g.js';
export * from './h.js';
const i = await import('i');
const j = require('j');
type K = import('./k.js').K;
// import { no } from 'no';
const text = "from 'no'";
`;
    const expected = ['a', './b.js', './d.js', 'e', './f.js', './g.js', './h.js', 'i', 'j', './k.js'];
    assert.deepEqual(importsOf(text), expected);
  });
});
