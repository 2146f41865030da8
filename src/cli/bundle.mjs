/**
 * Bundles the command line into `dist/bin`; `npm run build` runs it after the compiler.
 *
 * Node takes some 0.6 ms to find and link each module, and the command line has over a hundred with its dependencies: more
 * than half of its start-up time, in the main thread and in every worker. What is imported dynamically stays in a file of its
 * own and is read when it is needed. This file is plain JavaScript because it is part of the set-up.
 */
import { copyFileSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const OUT = join(ROOT, 'dist', 'bin');
/** A native library, one that starts threads from a file beside its own, and what only a report loads, in half a second. */
const LEFT_OUTSIDE = ['lzma-native', 'piscina', '@observablehq/plot', 'linkedom'];
/** Dependencies written as CommonJS call `require` for Node's own modules. */
const REQUIRE =
  "import { createRequire as bundleRequire } from 'node:module'; const require = bundleRequire(import.meta.url);";

const { metafile } = await build({
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
copyFileSync(join(ROOT, 'dist/src/lzma/radix.wasm'), join(OUT, 'radix.wasm'));
writeFileSync(join(OUT, 'LICENSES.txt'), notices(Object.keys(metafile.inputs)));

/**
 * The licences of the packages that went into the bundle.
 *
 * @param {string[]} inputs
 */
function notices(inputs) {
  const packages = new Set(inputs.map(packageOf).filter(name => name !== undefined));
  return [...packages].sort().map(notice).join('\n');
}

/** @param {string} input */
function packageOf(input) {
  return /(?:^|\/)node_modules\/((?:@[^/]+\/)?[^/]+)\//.exec(input)?.[1];
}

/** @param {string} name */
function notice(name) {
  const directory = join(ROOT, 'node_modules', name);
  const { version, license } = JSON.parse(readFileSync(join(directory, 'package.json'), 'utf8'));
  const texts = readdirSync(directory)
    .filter(file => /^licen[cs]e/i.test(file))
    .map(file => readFileSync(join(directory, file), 'utf8').trim());
  return [`${name} ${version} (${license})`, ...texts, ''].join('\n\n');
}
