import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { isBuiltin } from 'node:module';
import { dirname, join } from 'node:path';
import { before, describe, it } from 'node:test';
import { PROJECT_ROOT } from '../../corpus/trees.js';
import { importsOf, packageOf } from '../architecture/sources.js';
import { DOCUMENTS, linksOf } from '../docs/documents.js';

interface Packed {
  readonly path: string;
  readonly size: number;
  readonly mode: number;
}

/** What may be in the package, and why. */
const ALLOWED: readonly RegExp[] = [
  /^(package\.json|README\.md|LICENSE)$/,
  // The program: a bundle, what it reads at run time, and what its licences ask for.
  /^dist\/bin\/[\w-]+\.js$/,
  /^dist\/bin\/((radix|decoder|crc64|plainMembers)\.wasm|threadEntry\.cjs|LICENSES\.txt|package\.json)$/,
  // The manual page and the shells' completions.
  /^dist\/share\/(man\/man1\/kheaders-pack\.1|bash-completion\/completions\/kheaders-pack|zsh\/site-functions\/_kheaders-pack|fish\/vendor_completions\.d\/kheaders-pack\.fish)$/,
  // The library, by file, with its types.
  /^dist\/src\/([\w]+\/)*\w+(\.js|\.d\.ts|\.cjs|\.d\.cts)$/,
  /^dist\/src\/(lzma\/(radix|decoder)|xz\/crc64|tar\/plainMembers)\.wasm$/,
  // What an install runs.
  /^src\/(install|lzma\/rebuild)\.mjs$/,
  // The documents, so that the links of the README lead somewhere without a network.
  /^(ARCHITECTURE|CHANGELOG|CONTRIBUTING|SECURITY)\.md$/,
  /^docs\/[\w-]+\.(md|svg)$/,
  /^(bench|bench\/results|corpus)\/README\.md$/,
  // What `kheaders-pack module` copies.
  /^src\/image\/module\/(Kbuild|Makefile|README|kheaders_archive\.c)$/,
];

/** Rooms that the library has no use for: the bundle has their code. */
const ABSENT = ['cli', 'kbuild', 'measure'];

/** What an install looks for and may lack. */
const OPTIONAL = ['node-gyp'];

const read = (path: string): string => readFileSync(join(PROJECT_ROOT, path), 'utf8');
const manifest = JSON.parse(read('package.json'));

/** Specifiers, and files that are read or run from beside the one that names them. */
function importsIn(path: string): string[] {
  // The bundler writes double quotes; comments of what it bundled show how that is imported.
  const text = read(path)
    .replaceAll('"', "'")
    .replace(/\/\*[\s\S]*?\*\//g, '');
  const beside = [...text.matchAll(/\bnew URL\('(\.[^'\n]+)'/g)].map(match => match[1] ?? '');
  return [...importsOf(text), ...beside];
}

describe('the npm package', () => {
  let files: Packed[] = [];
  let paths = new Set<string>();

  before(() => {
    const args = ['pack', '--dry-run', '--json', '--ignore-scripts'];
    const { status, stdout, stderr } = spawnSync('npm', args, { cwd: PROJECT_ROOT, encoding: 'utf8' });
    assert.equal(status, 0, stderr);
    files = JSON.parse(stdout)[0].files;
    paths = new Set(files.map(file => file.path));
  });

  it('holds what runs, its types, its documents, and nothing else', () => {
    assert.ok(files.length > 100);
    assert.deepEqual(
      [...paths].filter(path => !ALLOWED.some(pattern => pattern.test(path))),
      [],
    );
    for (const pattern of ALLOWED)
      assert.ok(
        [...paths].some(path => pattern.test(path)),
        String(pattern),
      );
  });

  it('has the rooms of the library alone', () => {
    const rooms = new Set([...paths].flatMap(path => /^dist\/src\/(\w+)\//.exec(path)?.[1] ?? []));
    assert.deepEqual(
      ABSENT.filter(room => rooms.has(room)),
      [],
    );
    assert.ok(rooms.has('archive') && rooms.has('pool'));
  });

  it('holds every file that its files import, or depends on the package', () => {
    const missing: string[] = [];
    const depends = [...Object.keys(manifest.dependencies), ...OPTIONAL];
    let seen = 0;
    for (const path of paths) {
      if (!/\.(js|d\.ts|mjs)$/.test(path)) continue;
      for (const specifier of importsIn(path)) {
        seen++;
        const name = packageOf(specifier);
        if (specifier.startsWith('.')) {
          // A module of types alone is imported by other types alone.
          const target = join(dirname(path), specifier);
          if (!paths.has(path.endsWith('.d.ts') ? target.replace(/\.js$/, '.d.ts') : target))
            missing.push(`${path} imports ${specifier}`);
        } else if (name !== null && !isBuiltin(name) && !depends.includes(name))
          missing.push(`${path} imports ${name}`);
      }
    }
    assert.ok(seen > 500);
    assert.deepEqual(missing, []);
  });

  it('holds what its documents link to', () => {
    const targets = DOCUMENTS.flatMap(document => {
      const files = linksOf(document).map(target => target.split('#')[0] ?? '');
      return files.filter(file => file !== '').map(file => join(dirname(document.path), file));
    });
    assert.ok(targets.length > 20);
    const isThere = (target: string): boolean =>
      [...paths].some(path => path === target || path.startsWith(`${target}/`));
    assert.deepEqual(
      targets.filter(target => !isThere(target)),
      [],
    );
    assert.deepEqual(
      DOCUMENTS.map(({ path }) => path).filter(path => !paths.has(path)),
      [],
    );
  });

  it('holds what package.json leads to', () => {
    const { types, default: main } = manifest.exports['.'];
    for (const path of [types, main, `./${manifest.bin['kheaders-pack']}`]) assert.ok(paths.has(path.slice(2)), path);
    const [, script] = /^node (\S+)$/.exec(manifest.scripts.postinstall) ?? [];
    assert.ok(paths.has(script ?? ''), script);
  });

  it('has one program to execute', () => {
    assert.deepEqual(
      files.filter(file => (file.mode & 0o111) !== 0).map(file => file.path),
      ['dist/bin/main.js'],
    );
  });
});
