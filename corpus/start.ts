import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { constants, release, tmpdir } from 'node:os';
import { join } from 'node:path';
import { generateTree } from './synthetic.js';
import { availableTrees, PROGRAM } from './trees.js';
import { byNumbers } from './versions.js';

/** What `npm start` packs, in words too. */
interface Choice {
  readonly why: string;
  readonly source: string;
  readonly object: string | null;
  /** A directory to remove afterwards, or null. */
  readonly scratch: string | null;
}

const SYNTHETIC = { headers: 3000, seed: 1 } as const;
const USR_SRC = '/usr/src';

const choice = choose();
process.stderr.write(
  `Chosen: ${choice.why}: ${choice.source}${choice.object === null ? '' : ` with ${choice.object}`}\n`,
);
try {
  process.exitCode = await pack(choice, process.argv.slice(2));
} finally {
  if (choice.scratch !== null) rmSync(choice.scratch, { recursive: true, force: true });
}

/** A real tree where the machine has one, else a made-up one. */
function choose(): Choice {
  const [tree] = availableTrees();
  if (tree !== undefined)
    return { why: `the corpus's ${tree.name}`, source: tree.source, object: tree.object, scratch: null };
  const running = `/lib/modules/${release()}/build`;
  if (existsSync(running)) return { why: "the running kernel's headers", source: running, object: null, scratch: null };
  const installed = newestInstalled();
  if (installed !== undefined)
    return { why: 'installed kernel headers', source: installed, object: null, scratch: null };
  const scratch = mkdtempSync(join(tmpdir(), 'kheaders-pack-start-'));
  const source = join(scratch, 'linux-synthetic');
  generateTree(source, SYNTHETIC);
  return {
    why: 'a tree made up for this run, as no real one was found (npm run corpus fetches two)',
    source,
    object: null,
    scratch,
  };
}

/** Debian's `-common` halves are left out: the program finds them from the other half. */
function newestInstalled(): string | undefined {
  const entries = existsSync(USR_SRC) ? readdirSync(USR_SRC) : [];
  const newest = entries
    .filter(name => name.startsWith('linux-headers-') && !/-common(-rt)?$/.test(name))
    .sort(byNumbers)
    .at(-1);
  return newest === undefined ? undefined : join(USR_SRC, newest);
}

/**
 * Runs the command in the current directory and returns its exit code. Signals are passed on and waited out, so that
 * the command cleans up before the made-up tree goes.
 */
async function pack({ source, object }: Choice, extra: readonly string[]): Promise<number> {
  const objtree = object === null ? [] : ['--objtree', object];
  const child = spawn(process.execPath, [PROGRAM, 'pack', source, ...objtree, '-o', 'kheaders.tar.xz', ...extra], {
    stdio: 'inherit',
  });
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => child.kill(signal));
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code, signal) => resolve(signal === null ? (code ?? 2) : 128 + constants.signals[signal]));
  });
}
