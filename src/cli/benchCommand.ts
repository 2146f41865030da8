import { mkdirSync, rmSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Command, Option } from 'commander';
import { KheadersPackError, systemReason } from '../errors.js';
import { csvText } from '../measure/csv.js';
import { PEER_NAMES } from '../measure/peers.js';
import type { BenchResult } from '../measure/result.js';
import { sweep } from '../measure/sweep.js';
import { traceFastest } from '../measure/tracedRun.js';
import { type BenchOptions, resolveBench } from '../settings/bench.js';
import { gatherEnvironment } from '../settings/environment.js';
import { BenchProgressBar } from './benchProgress.js';
import { benchTable } from './benchTable.js';
import { EXIT, type Outcome } from './exit.js';
import { writeData } from './writeData.js';

const HELP = `
Every combination of the lists is packed in processes of its own, in turns (A B C A B C), and the medians are compared.
One pack before the first round is not counted; its tar is what the peers compress. Exit code 1: the same settings gave
different archives, which is a bug worth reporting.

Peers: ${PEER_NAMES.join(', ')}.

Examples:
  kheaders-pack bench --jobs 1,2,4 --block-size 1M,2M,4M         what do threads and Blocks bring here?
  kheaders-pack bench --preset 3,6,9e --peers all --report r.html
  kheaders-pack bench --from-tar headers.tar --peers xz,zstd     the encoders alone, on one tar
  kheaders-pack bench --strip comments,tokens --time 10m         spend ten minutes where it is undecided
  kheaders-pack bench --lzma2 nice=64 --lzma2 nice=273,depth=512 --json=result.json`;

const AXIS_OPTIONS = ['jobs', 'blockSize', 'preset', 'strip', 'order', 'codec', 'check', 'profile'] as const;
type AxisOption = (typeof AXIS_OPTIONS)[number];

/** What commander hands over: an axis is one text here. */
type Flags = Omit<BenchOptions, 'tree' | 'runs' | AxisOption> &
  Partial<Record<AxisOption, string>> & {
    resume?: string;
    json?: string;
    csv?: string;
    report?: string;
    svg?: string;
    quiet?: true;
  };

/** `kheaders-pack bench`. */
export function benchCommand(program: Command, outcome: Outcome): Command {
  const command = new Command('bench')
    .summary('measure settings, and other programs, on a tree or tar')
    .description('Measures combinations of settings on a kernel tree or a tar: time, memory, size, decode speed.')
    .argument('[TREE]', 'the kernel tree (default: as for pack)')
    .addHelpText('after', HELP);
  for (const option of sweptOptions()) command.addOption(option.helpGroup('Swept (a list of values each):'));
  for (const option of otherOptions()) command.addOption(option);
  command.copyInheritedSettings(program);
  return command.action(async (tree: string | undefined, flags: Flags) => {
    outcome.exitCode = await bench(tree, flags);
  });
}

function sweptOptions(): Option[] {
  return [
    new Option('-j, --jobs <LIST>', 'worker threads (default: as many as there are processors to use)'),
    new Option('--block-size <LIST>', 'largest Block before compression (default: 4MiB)'),
    new Option('--preset <LIST>', 'LZMA presets (default: 6)'),
    new Option('--lzma2 <K=V,...>', 'LZMA2 options; give it once for each value').argParser(collect),
    new Option('--strip <LIST>', 'strip modes (default: comments)'),
    new Option('--order <LIST>', 'orders (default: files-first)'),
    new Option('--codec <LIST>', 'LZMA2 encoders (default: liblzma)'),
    new Option('--check <LIST>', 'integrity checks (default: crc64)'),
    new Option('--profile <LIST>', 'headers or all (default: headers)'),
  ];
}

function otherOptions(): Option[] {
  return [
    new Option('--objtree <DIR>', 'object tree (O= of make) to lay over TREE'),
    new Option('--arch <NAME>', "ARCH or SRCARCH name (default: from .config, else this machine's)"),
    new Option('--mtime <T>', 'time stamp of all entries, as for pack'),
    new Option('--from-tar <FILE>', 'compress this tar (plain or .xz) instead of packing a tree'),
    new Option('--peers <LIST>', `none, all, or names (default: none)`),
    new Option('--repetitions <N>', 'counted runs of each (default: 5)'),
    new Option('--time <T>', 'spend so long (90s, 10m, 1h), most of it where the front of size and time is undecided'),
    new Option('--resume <FILE>', 'keep the runs in FILE as they end, and go on from those that are there'),
    new Option('--json [=FILE]', 'the result as JSON, to standard output or FILE'),
    new Option('--csv <FILE>', 'the result as CSV; - is standard output'),
    new Option('--report <FILE>', 'the result as one HTML page with pictures'),
    new Option('--svg <DIR>', 'the pictures alone, as SVG files'),
    new Option('-q, --quiet', 'no progress and no notices'),
  ];
}

function collect(value: string, earlier: string[] | undefined): string[] {
  return [...(earlier ?? []), value];
}

async function bench(tree: string | undefined, flags: Flags): Promise<number> {
  const { json, csv, quiet, resume } = flags;
  requireOneOutput(flags);
  const bar = new BenchProgressBar(quiet !== true);
  const kept = resume ?? runsBeside([json, csv, flags.report]);
  const options = optionsOf(tree, flags, kept, bar);
  const environment = gatherEnvironment();
  const program = [process.execPath, fileURLToPath(new URL('./main.js', import.meta.url))] as const;
  const settings = resolveBench(options, environment);
  const result = await sweep(settings, environment, program).finally(() => bar.end());
  await writeResults(result, flags);
  if (flags.report !== undefined || flags.svg !== undefined) {
    // Loaded only here: the plot library takes half a second.
    const { reportPage, svgFiles } = await import('../measure/report/report.js');
    const traced = await traceFastest(settings, result, program);
    if (flags.report !== undefined) await writeData(flags.report, reportPage(result, traced, shownCommand()));
    if (flags.svg !== undefined) await writeFiles(flags.svg, svgFiles(result, traced));
  }
  // What was kept against an interruption is not needed any more; what was asked for stays.
  if (resume === undefined && kept !== undefined) rmSync(kept, { force: true });
  return result.contenders.some(each => each.kind === 'ours' && each.digests.length > 1) ? EXIT.negative : EXIT.done;
}

function optionsOf(
  tree: string | undefined,
  flags: Flags,
  runs: string | undefined,
  bar: BenchProgressBar,
): BenchOptions {
  const { quiet, objtree, arch, mtime, fromTar, peers, repetitions, time, lzma2 } = flags;
  return {
    tree,
    objtree,
    arch,
    mtime,
    fromTar,
    peers,
    repetitions,
    time,
    runs,
    ...listsOf(flags),
    ...(lzma2 === undefined ? {} : { lzma2 }),
    onProgress: progress => bar.show(progress),
    onNotice: notice => {
      if (quiet !== true) bar.note(notice);
    },
  };
}

/** The axes that were given. */
function listsOf(flags: Flags): Partial<Record<AxisOption, readonly string[]>> {
  const given = AXIS_OPTIONS.flatMap(key => (flags[key] === undefined ? [] : [[key, [flags[key]]] as const]));
  return Object.fromEntries(given);
}

/** Beside the first result that goes to a file: what an interrupted sweep has, until its results are written. */
function runsBeside(results: readonly (string | undefined)[]): string | undefined {
  const file = results.find(path => path !== undefined && path !== '-');
  return file === undefined ? undefined : `${resolve(file)}.runs`;
}

async function writeResults(result: BenchResult, { json, csv, report }: Flags): Promise<void> {
  if (json !== undefined) await writeData(json, `${JSON.stringify(result, null, 2)}\n`);
  if (csv !== undefined) await writeData(csv, csvText(result));
  if (![json, csv, report].includes('-')) await writeData('-', benchTable(result));
}

async function writeFiles(directory: string, files: ReadonlyMap<string, string>): Promise<void> {
  try {
    mkdirSync(directory, { recursive: true });
  } catch (error) {
    throw new KheadersPackError('E_WRITE', { path: directory, reason: systemReason(error) }, { cause: error });
  }
  for (const [name, text] of files) await writeData(join(directory, name), text);
}

/** The command line as it was given. */
function shownCommand(): string {
  return ['kheaders-pack', ...process.argv.slice(2)].join(' ');
}

/** Standard output takes one result, and each file too. */
function requireOneOutput({ json, csv, report }: Flags): void {
  const results = Object.entries({ '--json': json, '--csv': csv, '--report': report });
  const places = new Map<string, string>();
  for (const [flag, path] of results) {
    if (path === undefined) continue;
    const place = path === '-' ? '-' : resolve(path);
    const first = places.get(place);
    if (first !== undefined) {
      const reason = `both would go to ${place === '-' ? 'standard output' : 'the same file'}`;
      throw new KheadersPackError('E_OPTION_CONFLICT', { first, second: flag, reason });
    }
    places.set(place, flag);
  }
}
