/**
 * Keeps V8's code for the bundles that the command line starts with, beside them (`bundles.ts`): `npm run build` and an install
 * run this. Each is run on a small tree and its archive, in a process of its own, so that the code has what a run needs.
 * It is for this Node: no package contains it.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import v8 from 'node:v8';
import { codePath, run, STARTED, type Started } from './bundles.js';

type Start = (args: readonly string[], ahead: null) => Promise<number>;

const TREE: Readonly<Record<string, string>> = {
  Makefile: 'VERSION = 6\nPATCHLEVEL = 1\nSUBLEVEL = 0\n',
  'include/linux/a.h': '#define A 1 /* a comment */\n',
  'arch/x86/include/asm/b.h': '#include <linux/a.h>\n',
  'kernel/Makefile': '',
};

const KBUILD = ['kbuild', 'kernel/kheaders_data.tar.xz'];
/** What each is run for, in the tree, which has an archive once `pack` has been run. */
const LINES: Readonly<Record<Started, readonly (readonly string[])[]>> = {
  packAlone: [['pack', '.', '--arch', 'x86', '-o', 'a.tar.xz', '--jobs', '2']],
  readAlone: [
    ['list', 'a.tar.xz'],
    ['verify', '--quiet', 'a.tar.xz'],
    ['extract', '--quiet', 'a.tar.xz', '-C', 'out'],
    ['cat', 'a.tar.xz', './include/linux/a.h'],
  ],
  // The second time nothing has changed, as in most of a kernel's builds.
  program: [['diff', 'a.tar.xz', 'a.tar.xz'], KBUILD, KBUILD],
};

/** What V8's code, or what the lines do, depends on. */
const FOREIGN = /^(?:NODE_OPTIONS|SOURCE_DATE_EPOCH|(?:KHEADERS_PACK|KBUILD)_.*)$/;
/** As kbuild exports them, in a build in the source tree. */
const EXPORTED: Readonly<Record<string, string>> = {
  srctree: '.',
  SRCARCH: 'x86',
  building_out_of_srctree: '',
  KBUILD_BUILD_TIMESTAMP: '@0',
  MAKEFLAGS: '',
};

/** Milliseconds for each: they take a quarter of a second. */
const LIMIT = 60_000;

const [name] = process.argv.slice(2);
if (name === undefined) console.log(`kheaders-pack: ${keepAll()}`);
else void keep(name as Started);

/** What was done, in one line. Whatever goes wrong, the program runs as well, and starts later. */
function keepAll(): string {
  try {
    const scratch = mkdtempSync(resolve(tmpdir(), 'kheaders-pack-code-'));
    try {
      for (const [path, text] of Object.entries(TREE)) {
        mkdirSync(dirname(join(scratch, path)), { recursive: true });
        writeFileSync(join(scratch, path), text);
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
  const path = codePath(name);
  rmSync(path, { force: true });
  const { error, signal, stderr } = spawnSync(process.execPath, [fileURLToPath(import.meta.url), name], {
    cwd,
    encoding: 'utf8',
    env: {
      ...Object.fromEntries(Object.entries(process.env).filter(([variable]) => !FOREIGN.test(variable))),
      ...EXPORTED,
      KHEADERS_PACK_CACHE: join(cwd, 'cache'),
    },
    stdio: ['ignore', 'ignore', 'pipe'],
    timeout: LIMIT,
  });
  if (error !== undefined) throw error;
  if (existsSync(path)) return;
  const [said = ''] = stderr.trim().split('\n').slice(-1);
  throw new Error(said === '' ? `"${name}" ended (${signal ?? 'of itself'})` : said.replace(/^kheaders-pack: /, ''));
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
  const temporary = `${path}.${process.pid}`;
  try {
    writeFileSync(temporary, bundle.code());
    renameSync(temporary, path);
  } catch (error) {
    rmSync(temporary, { force: true });
    console.error(error instanceof Error ? error.message : error);
    process.exit(1);
  }
}
