/**
 * Bundles the command line into `dist/bin`; `npm run build` runs it after the compiler.
 *
 * Node takes some 0.6 ms to find and link each module, and the command line has over a hundred with its dependencies: more
 * than half of its start-up time, in the main thread and in every worker. What is imported dynamically stays in a file of its
 * own and is read when it is needed.
 *
 * What several such files share becomes files too, for each set of them one. So what has to start at once is bundled apart,
 * and nothing is shared between the bundles: `pack` alone, which is seven files instead of 36 then, the commands that read
 * alone, which are 15 instead of 47, and what the threads run. No thread loads two of them (`main.ts` decides on one), so
 * none has a module twice. This file is plain JavaScript because it is part of the set-up.
 */
import { copyFileSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { notices } from '../../packaging/notices.mjs';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const OUT = join(ROOT, 'dist', 'bin');
/** A native library, one that starts threads from a file beside its own, and what only a report loads, in half a second. */
const LEFT_OUTSIDE = ['lzma-native', 'piscina', '@observablehq/plot', 'linkedom'];
/** Dependencies written as CommonJS call `require` for Node's own modules. */
const REQUIRE =
  "import { createRequire as bundleRequire } from 'node:module'; const require = bundleRequire(import.meta.url);";

/** commander needs it for commands that are programs of their own, which ours are not: 4 ms. */
const UNUSED = 'node:child_process';
const lateForCommander = {
  name: 'late',
  /** @param {import('esbuild').PluginBuild} build */
  setup(build) {
    build.onResolve({ filter: new RegExp(`^${UNUSED}$`) }, ({ importer, kind }) =>
      kind === 'require-call' && importer.includes('commander') ? { path: UNUSED, namespace: 'late' } : undefined,
    );
    const contents = `module.exports = new Proxy({}, { get: (_, name) => require('${UNUSED}')[name] });`;
    build.onLoad({ filter: /./, namespace: 'late' }, () => ({ contents, loader: 'js' }));
  },
};

/** Each bundle's beginnings. `main.js` finds the next three beside it. */
const STARTS = ['./packAlone.js', './readAlone.js', './program.js'];
const BUNDLES = [
  ['cli/main.js'],
  ['cli/packAlone.js'],
  ['cli/readAlone.js'],
  ['cli/program.js', 'cli/disturb.js'],
  ['pool/worker.js'],
  ['pool/decodeWorker.js'],
];

const inputs = new Set();
for (const entryPoints of BUNDLES) {
  const { metafile } = await build({
    // Chunks are named after their contents, which name files from here.
    absWorkingDir: ROOT,
    entryPoints: entryPoints.map(path => join(ROOT, 'dist/src', path)),
    outdir: OUT,
    entryNames: '[name]',
    bundle: true,
    splitting: true,
    format: 'esm',
    platform: 'node',
    target: 'node20.19',
    external: [...LEFT_OUTSIDE, ...STARTS],
    plugins: [lateForCommander],
    banner: { js: REQUIRE },
    metafile: true,
    logLevel: 'warning',
  });
  for (const input of Object.keys(metafile.inputs)) inputs.add(input);
}
// Read at run time, from beside whatever file of the bundle asks for it.
copyFileSync(join(ROOT, 'dist/src/pool/threadEntry.cjs'), join(OUT, 'threadEntry.cjs'));
for (const module of ['lzma/radix.wasm', 'lzma/decoder.wasm', 'xz/crc64.wasm'])
  copyFileSync(join(ROOT, 'dist/src', module), join(OUT, basename(module)));
writeFileSync(join(OUT, 'LICENSES.txt'), notices(ROOT, [...inputs]));
