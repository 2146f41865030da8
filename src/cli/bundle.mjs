/**
 * Bundles the command line into `dist/bin`; `npm run build` runs it after the compiler.
 *
 * Node takes some 0.6 ms to find and link each module, and the command line has over a hundred with its dependencies: more
 * than half of its start-up time, in the main thread and in every worker. So whatever starts is one file with all that it may
 * need: `pack`, the commands that read, the program with all commands, and what each kind of thread runs. Nothing is shared
 * between the files, and no thread loads two of those that share modules (`main.ts` decides on one). They are CommonJS, whose
 * loader takes 10 ms less, and which V8's code can be kept of (`bundles.ts`). This file is plain JavaScript because it is
 * part of the set-up.
 */
import { copyFileSync, renameSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { notices } from '../../packaging/notices.mjs';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const OUT = join(ROOT, 'dist', 'bin');
/** A native library, one that starts threads from a file beside its own, and what only a report loads, in half a second. */
const LEFT_OUTSIDE = ['lzma-native', 'piscina', '@observablehq/plot', 'linkedom'];
/** As modules are; and where a bundle lies, for what looks for a file beside it. */
const HEAD = '"use strict"; const bundleUrl = require("node:url").pathToFileURL(__filename).href;';

/**
 * Modules of Node's that take long to load, in milliseconds: 4 (in each thread) and 1, and what we use of them, functions
 * alone. They are loaded when the first is called: most archives have a CRC64, and most output goes to no terminal.
 */
const LATE = {
  'node:crypto': ['createHash', 'createHmac', 'randomBytes', 'timingSafeEqual'],
  'node:tty': ['isatty'],
};
/** commander needs it for commands that are programs of their own, which ours are not: 4 ms. */
const UNUSED = 'node:child_process';

const late = {
  name: 'late',
  /** @param {import('esbuild').PluginBuild} build */
  setup(build) {
    build.onResolve({ filter: /^node:/ }, ({ path, importer, kind }) => {
      if (kind === 'import-statement' && path in LATE) return { path, namespace: 'late' };
      if (kind === 'require-call' && path === UNUSED && importer.includes('commander'))
        return { path, namespace: 'unused' };
      return undefined;
    });
    build.onLoad({ filter: /./, namespace: 'late' }, ({ path }) => ({
      contents: LATE[path]
        .map(name => `export const ${name} = (...args) => require('${path}').${name}(...args);`)
        .join('\n'),
      loader: 'js',
    }));
    build.onLoad({ filter: /./, namespace: 'unused' }, ({ path }) => ({
      contents: `module.exports = new Proxy({}, { get: (_, name) => require('${path}')[name] });`,
      loader: 'js',
    }));
  },
};

const BUNDLES = [
  'cli/main.js',
  'cli/packAlone.js',
  'cli/readAlone.js',
  'cli/program.js',
  'cli/disturb.js',
  'cli/keepCode.js',
  'pool/worker.js',
  'pool/decodeWorker.js',
];

const { metafile } = await build({
  absWorkingDir: ROOT,
  entryPoints: BUNDLES.map(path => join(ROOT, 'dist/src', path)),
  outdir: OUT,
  entryNames: '[name]',
  bundle: true,
  format: 'cjs',
  platform: 'node',
  target: 'node20.19',
  external: LEFT_OUTSIDE,
  plugins: [late],
  define: { 'import.meta.url': 'bundleUrl' },
  // What is imported late is required late: in code that V8 has kept, `import()` fails (Node 20.20).
  supported: { 'dynamic-import': false },
  banner: { js: HEAD },
  metafile: true,
  logLevel: 'warning',
});
writeFileSync(join(OUT, 'package.json'), `${JSON.stringify({ type: 'commonjs' })}\n`);
// A worker that is CommonJS can be what piscina loads, with nothing between them that imports it.
renameSync(join(OUT, 'worker.js'), join(OUT, 'threadEntry.cjs'));
// Read at run time, from beside whatever file of the bundle asks for it.
for (const module of ['lzma/radix.wasm', 'lzma/decoder.wasm', 'xz/crc64.wasm', 'tar/plainMembers.wasm'])
  copyFileSync(join(ROOT, 'dist/src', module), join(OUT, basename(module)));
writeFileSync(join(OUT, 'LICENSES.txt'), notices(ROOT, Object.keys(metafile.inputs)));
