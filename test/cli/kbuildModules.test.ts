import assert from 'node:assert/strict';
import { mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { it, type TestContext } from 'node:test';
import { succeeded } from '../support/archive.js';
import { buildTree, runKbuild, TARGET } from '../support/kbuild.js';
import { scratch } from '../support/scratch.js';

/** What takes time to load: codec, threads, tar, and the rooms that are only needed to make an archive. */
const HEAVY = [
  /\/node_modules\/lzma-native\//,
  /\/node_modules\/piscina\//,
  /\/node_modules\/tar-stream\//,
  /\/node_modules\/(?:cli-progress|picomatch)\//,
  /\/dist\/src\/(?:pool|strip)\//,
  /\/dist\/src\/archive\/pack\.js$/,
  /\/dist\/src\/cli\/packCommand\.js$/,
];

/** The URL of every module and script that a run loads, as V8 counts them for coverage. */
async function loadedBy(t: TestContext, tree: string): Promise<{ urls: string[]; output: string }> {
  const directory = join(scratch(t), 'coverage');
  mkdirSync(directory);
  const { stdout } = succeeded(await runKbuild(tree, [TARGET], { env: { NODE_V8_COVERAGE: directory } }));
  const urls = readdirSync(directory).flatMap(name => {
    const { result } = JSON.parse(readFileSync(join(directory, name), 'utf8')) as { result: { url: string }[] };
    return result.map(({ url }) => url);
  });
  return { urls, output: stdout.toString() };
}

it('a build in which nothing changed loads no codec, pool or tar library', async t => {
  const tree = buildTree(join(scratch(t), 'linux'));
  const first = await loadedBy(t, tree);
  assert.notEqual(first.output, '');
  // What makes the archive is seen to load them, so that the patterns are known to match.
  for (const pattern of [HEAVY[0], HEAVY[1], HEAVY[4], HEAVY[5]]) {
    assert.ok(
      first.urls.some(url => pattern?.test(url)),
      String(pattern),
    );
  }
  const path = join(tree, 'kernel/kheaders.md5');
  const taken = Number(/"taken":(\d+)/.exec(readFileSync(path, 'latin1'))?.[1]);
  while (Date.now() < taken + 2500) await new Promise(resolve => setTimeout(resolve, 100));
  // The target is as young as its record; this run looks into it and records it anew.
  await loadedBy(t, tree);
  const { urls, output } = await loadedBy(t, tree);
  assert.equal(output, '');
  assert.ok(urls.some(url => url.endsWith('/dist/src/kbuild/change.js')));
  assert.deepEqual(
    urls.filter(url => HEAVY.some(pattern => pattern.test(url))),
    [],
  );
});
