/**
 * Keeps V8's code for the bundles that the command line starts with, beside them (`bundles.ts`): `npm run build` and an install
 * run this. Each is run on a small tree and its archive, in a process of its own, so that the code has what a run needs.
 * It is for this Node: no package contains it.
 */
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import v8 from 'node:v8';
import { codePath, run, STARTED, type Started } from './bundles.js';

type Start = (args: readonly string[], ahead: null) => Promise<number>;

const TREE: Readonly<Record<string, string>> = {
  Makefile: 'VERSION = 6\nPATCHLEVEL = 1\nSUBLEVEL = 0\n',
  'include/linux/a.h': '#define A 1 /* a comment */\n',
  'arch/x86/include/asm/b.h': '#include <linux/a.h>\n',
};

/** What each is run for, in a directory that has the tree, and an archive once `pack` has been run. */
const LINES: Readonly<Record<Started, readonly (readonly string[])[]>> = {
  packAlone: [['pack', 'tree', '--arch', 'x86', '-o', 'a.tar.xz', '--jobs', '2']],
  readAlone: [
    ['list', 'a.tar.xz'],
    ['verify', '--quiet', 'a.tar.xz'],
    ['extract', '--quiet', 'a.tar.xz', '-C', 'out'],
    ['cat', 'a.tar.xz', './include/linux/a.h'],
  ],
  program: [['diff', 'a.tar.xz', 'a.tar.xz']],
};

const [name] = process.argv.slice(2);
if (name === undefined) console.log(`kheaders-pack: ${keepAll()}`);
else void keep(name as Started);

/** What was done, in one line. Whatever goes wrong, the program runs as well, and starts later. */
function keepAll(): string {
  try {
    const scratch = mkdtempSync(join(tmpdir(), 'kheaders-pack-code-'));
    try {
      for (const [path, text] of Object.entries(TREE)) {
        mkdirSync(dirname(join(scratch, 'tree', path)), { recursive: true });
        writeFileSync(join(scratch, 'tree', path), text);
      }
      for (const each of STARTED) keepApart(each, scratch);
    } finally {
      rmSync(scratch, { recursive: true, force: true });
    }
  } catch (error) {
    return `V8's code is not kept, so each run starts later: ${error instanceof Error ? error.message : error}`;
  }
  return `V8's code is kept of ${STARTED.join(', ')}`;
}

function keepApart(name: Started, cwd: string): void {
  const { error, status, stderr } = spawnSync(process.execPath, [fileURLToPath(import.meta.url), name], {
    cwd,
    encoding: 'utf8',
    // V8 takes code for the flags alone that it was made with.
    env: { ...process.env, NODE_OPTIONS: '', KHEADERS_PACK_CACHE: join(cwd, 'cache') },
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  if (error !== undefined) throw error;
  if (status !== 0)
    throw new Error(
      stderr
        .trim()
        .split('\n')
        .at(-1)
        ?.replace(/^kheaders-pack: /, ''),
    );
}

async function keep(name: Started): Promise<void> {
  v8.setFlagsFromString = () => undefined;
  const bundle = run(name);
  const { start } = bundle.exports as { start: Start };
  for (const line of LINES[name]) {
    // It has said what is wrong.
    const exitCode = await start(line, null);
    if (exitCode !== 0) process.exit(exitCode);
  }
  const path = codePath(name);
  writeFileSync(`${path}.new`, bundle.code());
  renameSync(`${path}.new`, path);
}
