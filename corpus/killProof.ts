/**
 * Proves that packs which share a cache directory, one of them killed at a random moment, never make a wrong archive, never
 * wait for a dead one, and leave nothing wrong behind.
 *
 *     node dist/corpus/killProof.js TREE [ROUNDS]
 *
 * TREE is a kernel tree for x86. Exit 1 when anything is not as it should be.
 */
import { spawn, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { verifyCache } from '../src/cache/verifyCache.js';
import { PROGRAM } from './trees.js';

const PACKS = 8;
/** Milliseconds after which a pack counts as stuck: many times what eight at once take on a busy machine. */
const STUCK = 900_000;

export interface KillOptions {
  readonly tree: string;
  readonly rounds: number;
  /** Options of each pack. */
  readonly args: readonly string[];
  /** A directory for caches and archives. */
  readonly scratch: string;
  /** A number from 0 to 2^32 - 1 at a time, by chance or not. */
  readonly next: () => number;
  readonly report: (line: string) => void;
}

/** What was seen; `wrong` says in words what should not be. */
export interface KillResult {
  /** Packs that were killed before they had ended. */
  readonly killed: number;
  /** Packs that were killed while a file of the cache was being written. */
  readonly unfinished: number;
  readonly wrong: readonly string[];
}

/**
 * In every round eight packs start at once, all with the same settings, which no earlier round had: all of them find the same
 * Blocks missing, make them and keep them. One is killed. In every other round the cache is empty, too.
 */
export async function killRounds(options: KillOptions): Promise<KillResult> {
  const { rounds, scratch, next, report } = options;
  const wrong: string[] = [];
  let killed = 0;
  let unfinished = 0;
  let duration = 1000;
  for (let round = 0; round < rounds; round++) {
    const cache = join(scratch, `cache${Math.floor(round / 2)}`);
    const start = performance.now();
    const packs = Array.from({ length: PACKS }, (_, i) => startPack(options, cache, round, i));
    const victim = next() % PACKS;
    const moment = (next() / 2 ** 32) * duration;
    await Promise.race([sleep(moment), packs[victim]?.ended]);
    packs[victim]?.kill();
    const ends = await Promise.all(packs.map(pack => pack.endedInTime()));
    duration = performance.now() - start;
    const expected = await startPack(options, null, round, PACKS).ended;
    ends.forEach((end, i) => {
      if (i === victim && end.signal === 'SIGKILL') killed++;
      else if (end.code !== 0 || end.digest !== expected.digest) {
        wrong.push(
          `round ${round}, pack ${i}: exit code ${end.code}, signal ${end.signal}, sha256 ${end.digest}: ${end.stderr}`,
        );
      } else if (end.stderr !== '') wrong.push(`round ${round}, pack ${i} says ${end.stderr}`);
    });
    const secret = { kind: 'file', path: join(scratch, 'home/.local/state/kheaders-pack/cache-secret') } as const;
    const verdict = verifyCache({ directory: cache, secret, maxSize: 0, isParanoid: false });
    unfinished += verdict.unfinished;
    if (verdict.dropped.length + verdict.foreign > 0) wrong.push(`round ${round}: ${JSON.stringify(verdict)}`);
    // What is left is whole: one more pack finds all of it.
    const last = await startPack(options, cache, round, PACKS + 1).ended;
    if (last.digest !== expected.digest || last.encoded !== 0) wrong.push(`round ${round}: ${JSON.stringify(last)}`);
    report(`round ${round}: ${(duration / 1000).toFixed(1)} s, ${killed} killed, ${wrong.length} wrong`);
  }
  return { killed, unfinished, wrong };
}

interface End {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stderr: string;
  /** SHA-256 of the archive, or the empty text where there is none. */
  readonly digest: string;
  /** Blocks that had to be compressed. */
  readonly encoded: number;
}

interface StartedPack {
  readonly ended: Promise<End>;
  kill(): void;
  /** The end, after SIGABRT where it seems stuck. */
  endedInTime(): Promise<End>;
}

/** One pack in a process of its own; without a cache where `cache` is null. */
function startPack({ tree, args, scratch }: KillOptions, cache: string | null, round: number, i: number): StartedPack {
  const out = join(scratch, `out${i}`);
  rmSync(out, { recursive: true, force: true });
  mkdirSync(out);
  const archive = join(out, 'k.tar.xz');
  const caching = cache === null ? ['--no-cache'] : ['--cache', cache];
  const all = [PROGRAM, tree, ...args, '--mtime', `@${round}`, '--quiet', '--json', '-o', archive, ...caching];
  const env = { ...process.env, HOME: join(scratch, 'home'), XDG_STATE_HOME: '' };
  const child = spawn(process.execPath, all, { env, stdio: ['ignore', 'pipe', 'pipe'] });
  let [stdout, stderr] = ['', ''];
  child.stdout.on('data', text => {
    stdout += text;
  });
  child.stderr.on('data', text => {
    stderr += text;
  });
  const ended = new Promise<End>((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code, signal) => {
      const digest = existsSync(archive) ? createHash('sha256').update(readFileSync(archive)).digest('hex') : '';
      const summary = stdout === '' ? null : JSON.parse(stdout);
      resolve({ code, signal, stderr, digest, encoded: summary?.cache?.blocks.encoded ?? 0 });
    });
  });
  return {
    ended,
    kill: () => child.kill('SIGKILL'),
    async endedInTime() {
      const stuck = setTimeout(() => child.kill('SIGABRT'), STUCK);
      return ended.finally(() => clearTimeout(stuck));
    },
  };
}

async function main(tree: string, rounds: number): Promise<void> {
  const scratch = mkdtempSync(join(tmpdir(), 'kheaders-pack-kill-'));
  const report = (line: string): void => void process.stdout.write(`${line}\n`);
  const next = (): number => Math.floor(Math.random() * 2 ** 32);
  try {
    // Small Blocks, so that the cache has several to find, to make and to leave unfinished.
    const args = ['--arch', 'x86', '--jobs', '2', '--preset', '1', '--block-size', '1MiB'];
    const { killed, unfinished, wrong } = await killRounds({ tree, rounds, args, scratch, next, report });
    report([`${killed} of ${rounds} killed in time, ${unfinished} files unfinished`, ...wrong].join('\n'));
    process.exitCode = wrong.length === 0 ? 0 : 1;
  } finally {
    spawnSync('rm', ['-rf', scratch]);
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const [tree, rounds = '50'] = process.argv.slice(2);
  if (tree === undefined) throw new Error('Usage: node dist/corpus/killProof.js TREE [ROUNDS]');
  await main(tree, Number(rounds));
}
