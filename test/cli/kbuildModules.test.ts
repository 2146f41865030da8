import assert from 'node:assert/strict';
import { mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { it, type TestContext } from 'node:test';
import { fileURLToPath } from 'node:url';
import { PROJECT_ROOT } from '../../corpus/trees.js';
import { succeeded } from '../support/archive.js';
import { buildTree, runKbuild, TARGET } from '../support/kbuild.js';
import { scratch } from '../support/scratch.js';

/** What takes time to load: codec, threads, tar, and the rooms that are only needed to make an archive. */
const HEAVY = [
  // What finds lzma-native's compiled library, which is no module.
  /^node_modules\/node-gyp-build\//,
  /^node_modules\/piscina\//,
  /^node_modules\/tar-stream\//,
  /^node_modules\/cli-progress\//,
  /^dist\/src\/(?:pool|strip)\//,
  /^dist\/src\/archive\/pack\.js$/,
  /^dist\/src\/cli\/packCommand\.js$/,
];

/** Of V8's coverage: what is counted of a script. */
interface Counted {
  readonly url: string;
  readonly functions: readonly {
    readonly functionName: string;
    readonly ranges: readonly { readonly count: number }[];
  }[];
}

const MODULE = /^(?:node_modules|dist\/src)\//;

/**
 * The modules that a run loads, by their paths from the project's root. V8 tells the files and counts their functions. A
 * file of the bundle names each module in it, in a comment; what is not run with the file is a function of that name.
 */
async function loadedBy(t: TestContext, tree: string): Promise<{ modules: string[]; output: string }> {
  const directory = join(scratch(t), 'coverage');
  mkdirSync(directory);
  const { stdout } = succeeded(
    await runKbuild(tree, [TARGET, '--codec', 'liblzma'], { env: { NODE_V8_COVERAGE: directory } }),
  );
  const scripts = readdirSync(directory).flatMap(
    name => (JSON.parse(readFileSync(join(directory, name), 'utf8')) as { result: Counted[] }).result,
  );
  const modules = scripts
    .filter(({ url }) => url.startsWith('file:'))
    .flatMap(({ url, functions }) => {
      const file = fileURLToPath(url);
      const named = [...readFileSync(file, 'utf8').matchAll(/^\/\/ ((?:node_modules|dist\/src)\/\S+)$/gm)];
      const late = new Map(
        functions
          .filter(({ functionName }) => MODULE.test(functionName))
          .map(({ functionName, ranges }) => [functionName, (ranges[0]?.count ?? 0) > 0] as const),
      );
      return [
        relative(PROJECT_ROOT, file),
        ...named.map(([, path = '']) => path).filter(path => late.get(path) ?? true),
      ];
    });
  return { modules, output: stdout.toString() };
}

it('a build in which nothing changed loads no codec, pool or tar library', async t => {
  const tree = buildTree(join(scratch(t), 'linux'));
  const first = await loadedBy(t, tree);
  assert.notEqual(first.output, '');
  // What makes the archive is seen to load them, so that the patterns are known to match.
  for (const pattern of [HEAVY[0], HEAVY[1], HEAVY[4], HEAVY[5]]) {
    assert.ok(
      first.modules.some(path => pattern?.test(path)),
      String(pattern),
    );
  }
  const path = join(tree, 'kernel/kheaders.md5');
  const taken = Number(/"taken":(\d+)/.exec(readFileSync(path, 'latin1'))?.[1]);
  while (Date.now() < taken + 2500) await new Promise(resolve => setTimeout(resolve, 100));
  // The target is as young as its record; this run looks into it and records it anew.
  await loadedBy(t, tree);
  const { modules, output } = await loadedBy(t, tree);
  assert.equal(output, '');
  assert.ok(modules.includes('dist/src/kbuild/change.js'));
  assert.deepEqual(
    modules.filter(path => HEAVY.some(pattern => pattern.test(path))),
    [],
  );
});
