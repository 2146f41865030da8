import { existsSync, renameSync, rmSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { CorpusError } from './command.js';
import { fetchTrees } from './fetch.js';
import { generateTree } from './synthetic.js';
import { availableTrees, TREES_DIR } from './trees.js';
import { wholeNumber } from './wholeNumber.js';

const HELP = `Usage: npm run corpus [-- OPTIONS]

Gets the kernel trees that tests and benchmarks run on. Without options: the two real header trees (Linux 6.1 and 6.12)
from Debian's packages, into corpus/trees. What is there is kept.

  --full          also the whole sources of both, configured where the build tools are there (3.5 GiB, some minutes)
  --releases      also four point releases of 6.1, for bundles (45 MB of downloads)
  --synthetic     make up a kernel-like tree instead; needs no network
  --headers N     its number of headers (default 3000)
  --seed N        its seed (default 1)
  --out DIR       where to put it (default corpus/trees/synthetic-HEADERS-SEED)
  --help          this text

Exit codes: 0 all is there, 2 trouble.
`;

process.exitCode = run(process.argv.slice(2));

function run(args: string[]): number {
  try {
    return corpus(args);
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    say(error.message);
    return 2;
  }
}

function corpus(args: string[]): number {
  const { values } = parseArgs({
    args,
    options: {
      full: { type: 'boolean', default: false },
      releases: { type: 'boolean', default: false },
      synthetic: { type: 'boolean', default: false },
      headers: { type: 'string' },
      seed: { type: 'string' },
      out: { type: 'string' },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) {
    process.stdout.write(HELP);
    return 0;
  }
  if (values.synthetic) {
    if (values.full || values.releases)
      throw new CorpusError('Cannot use --full or --releases with --synthetic: they fetch, it makes up');
    const headers = wholeNumber('--headers', values.headers ?? '3000', 0);
    return synthetic(headers, wholeNumber('--seed', values.seed ?? '1', 0), values.out);
  }
  const stray = (['headers', 'seed', 'out'] as const).find(name => values[name] !== undefined);
  if (stray !== undefined) throw new CorpusError(`Cannot use --${stray} without --synthetic`);
  const troubles = fetchTrees(values.full, values.releases, say);
  for (const trouble of troubles) say(trouble.message);
  for (const tree of availableTrees()) process.stdout.write(`${tree.name}\t${tree.source}\t${tree.object ?? ''}\n`);
  return troubles.length === 0 ? 0 : 2;
}

function synthetic(headers: number, seed: number, out: string | undefined): number {
  const root = out === undefined ? join(TREES_DIR, `synthetic-${headers}-${seed}`) : resolve(out);
  if (out === undefined && existsSync(root)) {
    say(`${root}: already there`);
    return 0;
  }
  if (existsSync(root)) throw new CorpusError(`Cannot generate a tree in "${root}": it exists`);
  const partial = `${root}.partial`;
  rmSync(partial, { recursive: true, force: true });
  const tree = generateTree(partial, { headers, seed });
  renameSync(partial, root);
  say(`${root}: ${tree.headers} headers, ${tree.bytes} bytes, ${tree.links} symbolic links`);
  return 0;
}

function say(line: string): void {
  process.stderr.write(`${line}\n`);
}
