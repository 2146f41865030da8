/**
 * What packs cost that find something in the cache.
 *
 *     node dist/bench/incremental.js TREE [REPETITIONS]      a tree for x86, whose headers are copied
 *     node dist/bench/incremental.js --releases              those of `npm run corpus -- --releases`
 *
 * Processes are measured whole, in turns, and every archive is compared with that of a pack without a cache. What is unfair:
 * the page cache is warm.
 */
import { spawnSync } from 'node:child_process';
import {
  appendFileSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { headersBelow } from '../corpus/tokenProof/headers.js';
import { PROGRAM, releaseTrees } from '../corpus/trees.js';
import type { PackSummary } from '../src/index.js';
import { median } from '../src/measure/statistics.js';

/** What profile `headers` takes of a tree for x86, and what makes it one. */
const COPIED = ['include', 'arch/x86/include', 'Makefile', '.config'];
/** Milliseconds after which a file counts as settled. */
const SETTLED = 2200;
/** Headers that are changed, each by itself, evenly spread over the tree. */
const EDITS = 12;

const scratch = mkdtempSync(join(tmpdir(), 'kheaders-pack-incremental-'));
const say = (line: string): void => void process.stdout.write(`${line}\n`);

interface Run {
  /** Wall-clock seconds of the process, and its processor seconds. */
  readonly seconds: number;
  readonly cpu: number;
  readonly summary: PackSummary | null;
}

function timed(args: readonly string[]): Run {
  const env = { ...process.env, HOME: scratch, XDG_STATE_HOME: '', XDG_CACHE_HOME: '' };
  const start = performance.now();
  const child = spawnSync('bash', ['-c', 'TIMEFORMAT="%U %S"; time "$@"', 'bash', process.execPath, ...args], {
    encoding: 'utf8',
    env,
    maxBuffer: 2 ** 26,
  });
  const seconds = (performance.now() - start) / 1000;
  if (child.status !== 0) throw new Error(`${args.join(' ')} failed: ${child.stderr}`);
  const [user = 0, system = 0] = child.stderr.trim().split('\n').at(-1)?.split(' ').map(Number) ?? [];
  return { seconds, cpu: user + system, summary: child.stdout === '' ? null : JSON.parse(child.stdout) };
}

function pack(tree: string, caching: readonly string[]): Run & { readonly summary: PackSummary } {
  const fixed = ['--arch', 'x86', '--jobs', '2', '--mtime', '@0', '--quiet', '--json'];
  const run = timed([PROGRAM, tree, ...fixed, '-o', join(scratch, 'k.tar.xz'), ...caching]);
  if (run.summary === null) throw new Error('No summary');
  return { ...run, summary: run.summary };
}

const cached = (tree: string, cache: string): ReturnType<typeof pack> => pack(tree, ['--cache', join(scratch, cache)]);
const uncached = (tree: string): ReturnType<typeof pack> => pack(tree, ['--no-cache']);

function requireSame(one: PackSummary, other: PackSummary): void {
  if (one.digest !== other.digest) throw new Error(`Different archives: ${one.digest}, ${other.digest}`);
}

const spread = (values: readonly number[]): string =>
  `${median(values).toFixed(3)} (${Math.min(...values).toFixed(3)} to ${Math.max(...values).toFixed(3)})`;

async function oneTree(source: string, repetitions: number): Promise<void> {
  const tree = join(scratch, 'linux');
  mkdirSync(join(tree, 'arch/x86'), { recursive: true });
  for (const part of COPIED) {
    if (existsSync(join(source, part))) {
      cpSync(join(source, part), join(tree, part), {
        recursive: true,
        preserveTimestamps: true,
        verbatimSymlinks: true,
      });
    }
  }
  await sleep(SETTLED);
  const cold: Run[] = [];
  for (let i = 0; i < 3; i++) cold.push(uncached(tree));
  const first = cached(tree, 'c');
  const { blocks, digest } = first.summary;
  say(`cold, without a cache: ${spread(cold.map(run => run.seconds))} s, ${spread(cold.map(run => run.cpu))} CPU s`);
  say(`cold, filling one: ${first.seconds.toFixed(3)} s, ${first.cpu.toFixed(3)} CPU s, ${blocks} Blocks`);

  const empty = join(scratch, 'empty.mjs');
  writeFileSync(empty, '');
  const starts: Run[] = [];
  const warm: Run[] = [];
  for (let i = 0; i < repetitions; i++) {
    starts.push(timed([empty]));
    warm.push(cached(tree, 'c'));
    if (warm.at(-1)?.summary?.digest !== digest) throw new Error('Different archives');
  }
  const over = (of: (run: Run) => number): string => {
    const [least, middle] = [Math.min, (...values: number[]) => median(values)].map(
      take => take(...warm.map(of)) - take(...starts.map(of)),
    );
    return `least ${least?.toFixed(3)}, median ${middle?.toFixed(3)}`;
  };
  say(`Node's own start: ${spread(starts.map(run => run.seconds))} s`);
  say(`nothing changed: ${spread(warm.map(run => run.seconds))} s`);
  say(`nothing changed, over Node's start: ${over(run => run.seconds)} s; ${over(run => run.cpu)} CPU s`);

  const headers = Array.from(headersBelow(join(tree, 'include')), name => join(tree, 'include', name));
  const coldSeconds = median(cold.map(run => run.seconds));
  const coldCpu = median(cold.map(run => run.cpu));
  for (const [what, line] of [
    ['the comment', '/* a remark */\n'],
    ['a definition', '#define KHEADERS_PACK_BENCH 1\n'],
  ] as const) {
    const runs: (Run & { readonly encoded: number })[] = [];
    for (let i = 0; i < EDITS; i++) {
      const header = headers[Math.floor(((i + 0.5) / EDITS) * headers.length)] ?? '';
      const before = readFileSync(header);
      appendFileSync(header, line);
      const run = cached(tree, 'c');
      runs.push({ ...run, encoded: run.summary.cache?.blocks.encoded ?? -1 });
      requireSame(run.summary, uncached(tree).summary);
      writeFileSync(header, before);
      requireSame(cached(tree, 'c').summary, first.summary);
    }
    const encoded = runs.map(run => run.encoded);
    say(
      `${what} of one header changed, ${EDITS} headers: ${Math.max(...encoded)} Blocks compressed at most (${encoded.join(' ')}); ` +
        `${spread(runs.map(run => run.seconds / coldSeconds))} of the cold time, ${spread(runs.map(run => run.cpu / coldCpu))} of its CPU time`,
    );
  }
}

/** Releases are packed one after the other on one cache; each pair on a cache of its own. */
function releases(): void {
  const trees = releaseTrees();
  trees.forEach((newer, i) => {
    for (const older of trees.slice(Math.max(0, i - 2), i)) {
      const cache = `c${i}-${basename(older)}`;
      const cold = uncached(newer);
      cached(older, cache);
      const run = cached(newer, cache);
      requireSame(run.summary, cold.summary);
      const { blocks, bytesSaved } = run.summary.cache ?? { blocks: { local: 0, encoded: 0 }, bytesSaved: 0 };
      const all = blocks.local + blocks.encoded;
      const share = (100 * bytesSaved) / run.summary.bytes.tar;
      say(
        `${basename(older)} then ${basename(newer)}: ${blocks.local} of ${all} Blocks reused, ${share.toFixed(0)} % of the bytes; ` +
          `${(run.seconds / cold.seconds).toFixed(2)} of the cold time, ${(run.cpu / cold.cpu).toFixed(2)} of its CPU time`,
      );
    }
  });
}

const [tree, repetitions = '20'] = process.argv.slice(2);
try {
  if (tree === '--releases') releases();
  else if (tree !== undefined) await oneTree(tree, Number(repetitions));
  else throw new Error('Usage: node dist/bench/incremental.js TREE [REPETITIONS], or --releases');
} finally {
  rmSync(scratch, { recursive: true, force: true });
}
