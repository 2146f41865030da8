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
  /^node_modules\/(?:cli-progress|picomatch)\//,
  /^dist\/src\/(?:pool|strip)\//,
  /^dist\/src\/archive\/pack\.js$/,
  /^dist\/src\/cli\/packCommand\.js$/,
];

/**
 * The modules that a run loads, by their paths from the project's root. V8 tells the files, as it counts them for
 * coverage; a file of the bundle names the modules in it, each in a comment of its own.
 */
async function loadedBy(t: TestContext, tree: string): Promise<{ modules: string[]; output: string }> {
  const directory = join(scratch(t), 'coverage');
  mkdirSync(directory);
  const { stdout } = succeeded(
    await runKbuild(tree, [TARGET, '--codec', 'liblzma'], { env: { NODE_V8_COVERAGE: directory } }),
  );
  const urls = readdirSync(directory).flatMap(name => {
    const { result } = JSON.parse(readFileSync(join(directory, name), 'utf8')) as { result: { url: string }[] };
    return result.map(({ url }) => url);
  });
  const files = urls.filter(url => url.startsWith('file:')).map(url => fileURLToPath(url));
  const modules = files.flatMap(file => [
    relative(PROJECT_ROOT, file),
    ...[...readFileSync(file, 'utf8').matchAll(/^\/\/ ((?:node_modules|dist\/src)\/\S+)$/gm)].map(
      ([, path]) => path ?? '',
    ),
  ]);
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
