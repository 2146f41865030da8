import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { PROJECT_ROOT } from '../../corpus/trees.js';

interface Locked {
  readonly version?: string;
  readonly resolved?: string;
  readonly integrity?: string;
  readonly hasInstallScript?: boolean;
  readonly dev?: boolean;
  readonly optional?: boolean;
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly optionalDependencies?: Readonly<Record<string, string>>;
}

const json = (path: string) => JSON.parse(readFileSync(join(PROJECT_ROOT, path), 'utf8'));
const manifest = json('package.json');
const packages: Readonly<Record<string, Locked>> = json('package-lock.json').packages;
const others = Object.entries(packages).filter(([path]) => path !== '');

/** Where Node finds `name` from the package at `path`. */
function found(path: string, name: string): Locked | undefined {
  for (let from = path; ; from = from.slice(0, Math.max(0, from.lastIndexOf('/node_modules/')))) {
    const entry = packages[`${from}/node_modules/${name}`.replace(/^\//, '')];
    if (entry !== undefined || from === '') return entry;
  }
}

describe('the dependencies', () => {
  it('are pinned exactly', () => {
    const ranges = Object.entries<string>({ ...manifest.dependencies, ...manifest.devDependencies });
    assert.ok(ranges.length > 15);
    for (const [name, range] of ranges) {
      assert.match(range, /^\d+\.\d+\.\d+$/, name);
      assert.equal(packages[`node_modules/${name}`]?.version, range, name);
    }
  });

  it('are all in the lock, by a SHA-512, with theirs for every platform', () => {
    const missing = others.flatMap(([path, { dependencies, optionalDependencies }]) =>
      Object.keys({ ...dependencies, ...optionalDependencies })
        .filter(name => found(path, name) === undefined)
        .map(name => `${path} needs ${name}`),
    );
    assert.deepEqual(missing, []);
    for (const [path, { integrity, resolved }] of others) {
      assert.match(integrity ?? '', /^sha512-[\w+/]{86}==$/, path);
      assert.equal(resolved, undefined, `${path} is tied to a registry`);
    }
  });

  it('run no scripts when they are installed, but for those looked at', () => {
    const scripted = others.filter(([, entry]) => entry.hasInstallScript === true).map(([path]) => path);
    assert.deepEqual(scripted, ['node_modules/esbuild', 'node_modules/lzma-native']);
    assert.deepEqual(manifest.allowScripts, { esbuild: false, 'lzma-native': false });
  });

  it('are joined by one script of ours', () => {
    const CYCLE = ['preinstall', 'install', 'postinstall', 'preprepare', 'prepare', 'postprepare', 'dependencies'];
    const ours = CYCLE.filter(name => Object.hasOwn(manifest.scripts, name));
    // npm runs prepare in a checkout alone, never where the package is installed.
    assert.deepEqual(ours, ['postinstall', 'prepare']);
    assert.equal(manifest.scripts.postinstall, 'node src/install.mjs');
  });
});

describe('LICENSES.txt', () => {
  const text = readFileSync(join(PROJECT_ROOT, 'dist/bin/LICENSES.txt'), 'utf8');
  const notices = new Map(
    text
      .split(/^-{80}\n\n/m)
      .slice(1)
      .map(notice => [notice.slice(0, notice.indexOf(' (')), notice] as const),
  );

  it('has the licence of each package that users install, and of what was compiled in', () => {
    const expected = others
      .filter(([, entry]) => entry.dev !== true && entry.optional !== true)
      .map(([path, entry]) => `${path.replace(/.*node_modules\//, '')} ${entry.version}`);
    const esbuild = `esbuild ${manifest.devDependencies.esbuild}`;
    assert.deepEqual([...notices.keys()].sort(), [...expected, esbuild, 'liblzma 5.2.3'].sort());
  });

  it('has a text for each, but for one whose package has none', () => {
    const bare = [...notices].filter(([, notice]) => notice.includes('contains no text of the licence'));
    assert.deepEqual(
      bare.map(([name]) => name),
      ['boolbase 1.0.0'],
    );
    for (const [name, notice] of notices) {
      if (!name.startsWith('boolbase')) assert.match(notice, /copyright|public domain/i, name);
    }
  });

  it('tells what the bundle contains', () => {
    const bundled = [...notices].filter(([, notice]) => /^.*; in the bundle\)$/m.test(notice)).map(([name]) => name);
    const names = bundled.map(name => name.replace(/ .*/, ''));
    for (const name of ['cli-progress', 'commander', 'diff', 'fzstd', 'string-width'])
      assert.ok(names.includes(name), name);
    for (const name of ['lzma-native', 'piscina', 'linkedom']) assert.ok(!names.includes(name), name);
  });
});
