import { rmSync, statSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { shellLine } from '../bytes/shellLine.js';
import { KheadersPackError, systemReason, toKheadersPackError } from '../errors.js';
import { atSuddenEnd } from '../flow/suddenEnd.js';
import { CommandFailed } from '../measure/command.js';
import { csvText } from '../measure/csv.js';
import type { BenchResult } from '../measure/result.js';
import { sweep } from '../measure/sweep.js';
import { traceFastest } from '../measure/tracedRun.js';
import { type BenchOptions, resolveBench } from '../settings/bench.js';
import { gatherEnvironment } from '../settings/environment.js';
import { requireApart } from '../settings/outputs.js';
import { makeDirectory } from '../tree/makeDirectory.js';
import { BenchProgressBar } from './benchProgress.js';
import { benchTable } from './benchTable.js';
import { EXIT } from './exit.js';
import { asJson, orFailureJson } from './json.js';
import { SELF } from './self.js';
import { dieOf } from './signals.js';
import { openResult, writeData } from './writeData.js';

const AXIS_OPTIONS = ['jobs', 'blockSize', 'preset', 'strip', 'order', 'codec', 'check', 'profile'] as const;
type AxisOption = (typeof AXIS_OPTIONS)[number];

/** What commander hands over: an axis is one text here. */
export type BenchFlags = Omit<BenchOptions, 'tree' | 'runs' | AxisOption> &
  Partial<Record<AxisOption, string>> & {
    resume?: string;
    json?: string;
    csv?: string;
    report?: string;
    svg?: string;
    quiet?: true;
  };

/**
 * Measures, writes the results, and gives the exit code.
 *
 * What is measured has a process group of its own. Who wants all of it to end may signal each process (a container that is
 * stopped), and then a child's end is seen before the signal here is; both mean the same.
 */
export async function bench(tree: string | undefined, flags: BenchFlags): Promise<number> {
  try {
    return await measure(tree, flags);
  } catch (error) {
    const { cause } = toKheadersPackError(error);
    const signal = cause instanceof CommandFailed ? cause.signal : null;
    if (signal === 'SIGINT' || signal === 'SIGTERM') dieOf(signal);
    throw error;
  }
}

async function measure(tree: string | undefined, flags: BenchFlags): Promise<number> {
  const { json, csv, quiet, resume } = flags;
  const environment = gatherEnvironment();
  const at = (path: string): string => resolve(environment.workingDirectory, path);
  const results = { '--json': json, '--csv': csv, '--report': flags.report };
  requireApart(
    Object.entries(results).map(([option, value]) => ({ option, value })),
    environment.workingDirectory,
  );
  const bar = new BenchProgressBar(quiet !== true, process.stderr.isTTY === true);
  const kept = resume ?? runsBeside([json, csv, flags.report], at);
  const options = optionsOf(tree, flags, kept, bar);
  const program = [process.execPath, SELF] as const;
  // A result in a file, of hours maybe, stays until there is another.
  const toTell = json === '-' ? json : undefined;
  const { settings, result } = await orFailureJson(toTell, async () => {
    const settings = resolveBench(options, environment);
    // What hours of measuring cannot be written to is to be known before them.
    if (flags.svg !== undefined) requireDirectory(flags.svg);
    for (const path of [json, csv, flags.report]) await requireWritable(path);
    return { settings, result: await untilStopped(sweep(settings, environment, program), () => bar.stopped(kept)) };
  });
  bar.end();
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

/** Has it told where a sweep comes to no end, by a failure or by a signal. */
async function untilStopped<T>(work: Promise<T>, tell: () => void): Promise<T> {
  const forget = atSuddenEnd(tell);
  try {
    return await work;
  } catch (error) {
    tell();
    throw error;
  } finally {
    forget();
  }
}

function optionsOf(
  tree: string | undefined,
  flags: BenchFlags,
  runs: string | undefined,
  bar: BenchProgressBar,
): BenchOptions {
  const { objtree, arch, mtime, fromTar, peers, repetitions, time, lzma2 } = flags;
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
    onNotice: notice => bar.note(notice),
  };
}

/** The axes that were given. */
function listsOf(flags: BenchFlags): Partial<Record<AxisOption, readonly string[]>> {
  const given = AXIS_OPTIONS.flatMap(key => (flags[key] === undefined ? [] : [[key, [flags[key]]] as const]));
  return Object.fromEntries(given);
}

/** Beside the first result that goes to a file: what an interrupted sweep has, until its results are written. */
function runsBeside(results: readonly (string | undefined)[], at: (path: string) => string): string | undefined {
  const file = results.find(path => path !== undefined && path !== '-');
  return file === undefined ? undefined : `${at(file)}.runs`;
}

async function writeResults(result: BenchResult, { json, csv, report }: BenchFlags): Promise<void> {
  if (json !== undefined) await writeData(json, asJson(result));
  if (csv !== undefined) await writeData(csv, csvText(result));
  if (![json, csv, report].includes('-')) await writeData('-', benchTable(result));
}

/** Of files alone: who reads a FIFO would take the end of this for the end of the result. */
async function requireWritable(path: string | undefined): Promise<void> {
  if (path === undefined || path === '-') return;
  const isOther = statSync(path, { throwIfNoEntry: false })?.isFile() === false;
  if (!isOther) await (await openResult(path)).discard();
}

function requireDirectory(path: string): void {
  try {
    if (makeDirectory(path, 0o777) || statSync(path, { throwIfNoEntry: false })?.isDirectory() === true) return;
  } catch (error) {
    throw new KheadersPackError('E_WRITE', { path, reason: systemReason(error) }, { cause: error });
  }
  throw new KheadersPackError('E_WRITE', { path, reason: 'not a directory' });
}

async function writeFiles(directory: string, files: ReadonlyMap<string, string>): Promise<void> {
  for (const [name, text] of files) await writeData(join(directory, name), text);
}

/** The command line as it was given. */
function shownCommand(): string {
  return shellLine(['kheaders-pack', ...process.argv.slice(2)]);
}
