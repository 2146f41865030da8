/**
 * Rebuilds lzma-native's bundled liblzma at -O3; `npm install` runs it.
 *
 * lzma-native ships prebuilt binaries whose liblzma was compiled without optimisation: they take 1.6 times the time
 * for the same bytes. Where a C++ tool chain is there, the same source is compiled again, from the tarball inside the
 * package. Whatever goes wrong, the prebuilt binary stays in use and the install goes on. This file is plain
 * JavaScript because it runs before anything is compiled.
 *
 * KHEADERS_PACK_REBUILD=0 leaves the prebuilt binary as it is.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { availableParallelism } from 'node:os';
import { dirname, join } from 'node:path';

const FLAGS = '-O3';
/** Read by build.ts. */
const NOTE = 'build/kheaders-pack.json';
const BUILD_LIMIT_MS = 10 * 60 * 1000;
const FETCH_LIMIT_MS = 60 * 1000;
const TOOLS = ['make', 'g++', 'python3', 'sh', 'bzip2'];

console.log(`kheaders-pack: ${rebuild()}`);

/** @returns {string} what was done, in one line */
function rebuild() {
  try {
    return attempt();
  } catch (error) {
    return kept(error instanceof Error ? error.message : String(error));
  }
}

/** @returns {string} */
function attempt() {
  const require = createRequire(import.meta.url);
  const directory = dirname(require.resolve('lzma-native/package.json'));
  const { version } = JSON.parse(readFileSync(join(directory, 'package.json'), 'utf8'));
  const note = JSON.stringify({ flags: FLAGS, version, abi: process.versions.modules, arch: process.arch });
  if (process.env['KHEADERS_PACK_REBUILD'] === '0') return kept('KHEADERS_PACK_REBUILD=0');
  if (existsSync(join(directory, NOTE)) && readFileSync(join(directory, NOTE), 'utf8') === note) {
    return `liblzma is already built at ${FLAGS}`;
  }
  const missing = TOOLS.filter(tool => !isOnPath(tool));
  if (missing.length > 0) return kept(`no ${missing.join(', ')} to rebuild it with`);
  const gyp = nodeGyp(require);
  if (gyp === null) return kept('no node-gyp to rebuild it with');
  console.log(`kheaders-pack: rebuilding liblzma at ${FLAGS}, which takes a minute or less`);
  const headers = nodeHeaders();
  const failure = compile(directory, gyp, headers === null ? [] : [`--nodedir=${headers}`], headers !== null);
  if (failure !== null) {
    rmSync(join(directory, 'build'), { recursive: true, force: true });
    return kept(failure);
  }
  writeFileSync(join(directory, NOTE), note);
  return `liblzma rebuilt at ${FLAGS}`;
}

/**
 * @param {string} directory
 * @param {string} gyp
 * @param {string[]} nodedir
 * @param {boolean} hasHeaders
 * @returns {string | null} why it failed
 */
function compile(directory, gyp, nodedir, hasHeaders) {
  // Under a make that started this, its jobs are ours as well.
  const environment = { MAKEFLAGS: `-j${availableParallelism()}`, ...process.env, CFLAGS: FLAGS };
  /** @param {string} step @param {number} limit */
  const run = (step, limit) => {
    const args = [gyp, step, ...nodedir];
    return spawnSync(process.execPath, args, { cwd: directory, env: environment, encoding: 'utf8', timeout: limit });
  };
  if (!hasHeaders && run('install', FETCH_LIMIT_MS).status !== 0) {
    return "Node's headers are not installed and could not be fetched";
  }
  const built = run('rebuild', BUILD_LIMIT_MS);
  if (built.status !== 0) return `node-gyp failed: ${lastError(built.stderr)}`;
  // Loads it as the program will, so that a build that does not run is never left in place.
  const loaded = spawnSync(process.execPath, ['-e', 'require(process.argv[1]).versionString()', directory]);
  return loaded.status === 0 ? null : 'the rebuilt library does not load';
}

/** @param {string} reason */
function kept(reason) {
  return `liblzma stays as lzma-native ships it, built without optimisation: ${reason}`;
}

/** @param {string | null} stderr */
function lastError(stderr) {
  const lines = (stderr ?? '')
    .split('\n')
    .filter(line => /error|ERR!/i.test(line) && !/^gyp ERR! (cwd|node|not ok)/.test(line));
  return lines.at(-1)?.trim() ?? 'no message';
}

/** @param {string} tool */
function isOnPath(tool) {
  return (process.env['PATH'] ?? '').split(':').some(directory => existsSync(join(directory, tool)));
}

/**
 * node-gyp as npm brings it along.
 *
 * @param {NodeJS.Require} require
 * @returns {string | null}
 */
function nodeGyp(require) {
  const npm = process.env['npm_execpath'];
  const candidates = [
    process.env['npm_config_node_gyp'],
    npm === undefined ? undefined : join(dirname(npm), '../node_modules/node-gyp/bin/node-gyp.js'),
  ];
  const found = candidates.find(path => path !== undefined && existsSync(path));
  if (found !== undefined) return found;
  try {
    return require.resolve('node-gyp/bin/node-gyp.js');
  } catch {
    return null;
  }
}

/**
 * Where Node's own headers are installed; null lets node-gyp fetch them.
 *
 * @returns {string | null}
 */
function nodeHeaders() {
  const prefix = dirname(dirname(process.execPath));
  const candidates = [process.env['npm_config_nodedir'], prefix];
  return (
    candidates.find(path => path !== undefined && path !== '' && existsSync(join(path, 'include/node/node_api.h'))) ??
    null
  );
}
