/**
 * Bundles the command line into `dist/bin`; `npm run build` runs it after the compiler.
 *
 * Node takes some 0.6 ms to find and link each module, and the command line has over a hundred with its dependencies: more
 * than half of its start-up time, in the main thread and in every worker. What is imported dynamically stays in a file of its
 * own and is read when it is needed. This file is plain JavaScript because it is part of the set-up.
 */
import { copyFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
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

const { metafile } = await build({
  // Chunks are named after their contents, which name files from here.
  absWorkingDir: ROOT,
  entryPoints: ['cli/main.js', 'cli/disturb.js', 'pool/worker.js'].map(path => join(ROOT, 'dist/src', path)),
  outdir: OUT,
  entryNames: '[name]',
  bundle: true,
  splitting: true,
  format: 'esm',
  platform: 'node',
  target: 'node20.19',
  external: LEFT_OUTSIDE,
  banner: { js: REQUIRE },
  metafile: true,
  logLevel: 'warning',
});
// Read at run time, from beside whatever file of the bundle asks for it.
copyFileSync(join(ROOT, 'dist/src/pool/threadEntry.cjs'), join(OUT, 'threadEntry.cjs'));
copyFileSync(join(ROOT, 'dist/src/lzma/radix.wasm'), join(OUT, 'radix.wasm'));
writeFileSync(join(OUT, 'LICENSES.txt'), notices(ROOT, Object.keys(metafile.inputs)));
