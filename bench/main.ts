/**
 * The benchmark suites. See README.md for the question that each answers.
 */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { availableTrees, PROJECT_ROOT } from '../corpus/trees.js';
import { wholeNumber } from '../corpus/wholeNumber.js';
import { dieOfSignals } from '../src/cli/signals.js';
import { surroundings } from '../src/measure/surroundings.js';
import { comparisonText } from './compare.js';
import type { BenchRecord, SuiteOptions } from './record.js';
import { type BenchTree, benchTree } from './sample.js';
import { SUITES } from './suites.js';
import { tableText } from './table.js';
import { yardstickRow, yardstickSeconds } from './yardstick.js';

const HELP = `Usage: npm run bench [-- OPTIONS]

  --suite LIST       ${Object.keys(SUITES).join(', ')} (default: micro,pipeline,versus)
  --tree NAME        a tree of the corpus (default: the first; a generated one where there is none)
  --jobs LIST        for pipeline, versus, memory, and the last of it for the others (default: 1,2)
  --block-size LIST  for pipeline and memory (default: 1MiB,4MiB)
  --repetitions N    for all but micro and strip (default: 5)
  --time MS          for each micro-benchmark (default: 1000)
  --headers LIST     for scale: headers of its trees (default: 6000,25000,50000,100000)
  --preset N         for scale (default: 1)
  --out DIR          where the records go (default: bench/results)
  --compare OLD      run what OLD is a record of again, and print what changed beyond noise
  --with NEW         compare OLD with this record instead of running anything
`;

const YARDSTICK_RUNS = 8;
/** These make or find trees of their own. */
const OWN_TREES: Readonly<Record<string, string>> = {
  scale: 'synthetic trees',
  bundle: 'linux-releases-6.1',
  releases: 'linux-releases-6.1',
};
// What is measured is packing, not finding what was packed before.
process.env['KHEADERS_PACK_CACHE'] = 'off';
// Node reads these certificates whatever it is started for, 45 ms for those of a system. Nothing here asks a server.
delete process.env['NODE_EXTRA_CA_CERTS'];

dieOfSignals();
try {
  await bench(process.argv.slice(2));
} catch (error) {
  if (!(error instanceof Error)) throw error;
  process.stderr.write(`bench: ${error.message}\n`);
  process.exitCode = 2;
}

async function bench(args: string[]): Promise<void> {
  const { values } = parseArgs({
    args,
    options: {
      suite: { type: 'string', default: 'micro,pipeline,versus' },
      tree: { type: 'string' },
      jobs: { type: 'string', default: '1,2' },
      'block-size': { type: 'string', default: '1MiB,4MiB' },
      repetitions: { type: 'string', default: '5' },
      time: { type: 'string', default: '1000' },
      headers: { type: 'string', default: '6000,25000,50000,100000' },
      preset: { type: 'string', default: '1' },
      out: { type: 'string', default: join(PROJECT_ROOT, 'bench', 'results') },
      compare: { type: 'string' },
      with: { type: 'string' },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) {
    process.stdout.write(HELP);
    return;
  }
  if (values.compare !== undefined) {
    const before = readRecord(values.compare);
    const after = values.with === undefined ? await runAgain(before, values.out) : readRecord(values.with);
    process.stdout.write(comparisonText(before, after));
    return;
  }
  const options = {
    jobs: values.jobs,
    blockSize: values['block-size'],
    repetitions: wholeNumber('--repetitions', values.repetitions, 1),
    milliseconds: wholeNumber('--time', values.time, 1),
    headers: values.headers.split(',').map(text => wholeNumber('--headers', text, 1)),
    preset: values.preset,
  };
  await runSuites(values.suite.split(','), values.tree, options, values.out);
}

async function runAgain(before: BenchRecord, out: string): Promise<BenchRecord> {
  const [after] = await runSuites([before.suite], treeOf(before), before.options, out);
  if (after === undefined) throw new Error(`Cannot run suite "${before.suite}" here: its reason is above`);
  return after;
}

/** The tree of a record: of the corpus, or else the generated one, which is the same everywhere. */
function treeOf(before: BenchRecord): string | undefined {
  return before.suite in OWN_TREES || !before.tree.startsWith('linux-') ? undefined : before.tree;
}

async function runSuites(
  suites: readonly string[],
  treeName: string | undefined,
  options: SuiteOptions,
  out: string,
): Promise<BenchRecord[]> {
  const unknown = suites.find(suite => !(suite in SUITES));
  if (unknown !== undefined) throw new Error(`No suite "${unknown}": there are ${Object.keys(SUITES).join(', ')}`);
  const tree = benchTree(treeName);
  tellMissing();
  const records: BenchRecord[] = [];
  try {
    for (const suite of suites) {
      const record = await runSuite(suite, tree, options);
      if (record === null) continue;
      records.push(record);
      save(record, out);
    }
  } finally {
    tree.remove();
  }
  return records;
}

async function runSuite(suite: string, tree: BenchTree, options: SuiteOptions): Promise<BenchRecord | null> {
  const started = new Date().toISOString();
  const environment = surroundings(availableParallelism());
  const before = yardstickSeconds(YARDSTICK_RUNS);
  const rows = await SUITES[suite]?.(tree, options);
  if (rows === undefined || typeof rows === 'string') {
    process.stdout.write(`${suite}: skipped, ${rows}\n\n`);
    return null;
  }
  const all = [yardstickRow([...before, ...yardstickSeconds(YARDSTICK_RUNS)]), ...rows];
  const name = OWN_TREES[suite] ?? tree.name;
  process.stdout.write(`${tableText(`${suite}, on ${name}`, all)}\n`);
  const command = `npm run bench -- ${process.argv.slice(2).join(' ')}`.trimEnd();
  return {
    schema: 'kheaders-pack/bench-suite/1',
    suite,
    started,
    command,
    tree: name,
    options,
    environment,
    rows: all,
  };
}

/** What of the corpus is not here, so that nobody takes a header package for a whole kernel. */
function tellMissing(): void {
  const present = new Set(availableTrees().map(({ name }) => name));
  const missing = ['headers', 'source', 'object']
    .flatMap(kind => ['6.1', '6.12'].map(series => `linux-${kind}-${series}`))
    .filter(name => !present.has(name));
  if (missing.length > 0) {
    process.stdout.write(`Missing from the corpus: ${missing.join(', ')} (npm run corpus -- --full)\n\n`);
  }
}

function save(record: BenchRecord, out: string): void {
  mkdirSync(out, { recursive: true });
  const tree = record.tree.replace(/\W+/g, '-');
  const path = join(out, `${record.started.slice(0, 10)}-${record.suite}-${tree}.json`);
  writeFileSync(path, `${JSON.stringify(record, null, 2)}\n`);
  process.stdout.write(`Written to ${path}\n\n`);
}

function readRecord(path: string): BenchRecord {
  const record = JSON.parse(readFileSync(path, 'utf8')) as BenchRecord;
  if (record.schema !== 'kheaders-pack/bench-suite/1') throw new Error(`"${path}" is no record of a suite`);
  return record;
}
