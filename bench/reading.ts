import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { ListedEntry } from '../src/index.js';
import { type Measured, measureCommand } from '../src/measure/command.js';
import { withScratch } from '../src/measure/scratchRoom.js';
import { median } from '../src/measure/statistics.js';
import { inTurns, PROGRAM, runPack } from './packRun.js';
import { memoryRow, partOf, type Row, type SuiteOptions, secondsRow } from './record.js';
import type { BenchTree } from './sample.js';

/** What is read: the headers, and every header of the tree, as they are packed by default, and in Blocks as a stranger may make them. */
const ARCHIVES: Readonly<Record<string, readonly string[]>> = {
  headers: [],
  'headers, 4 MiB Blocks': ['--block-size', '4MiB'],
  tree: ['--profile', 'all'],
  'tree, liblzma, 4 MiB Blocks': ['--profile', 'all', '--codec', 'liblzma', '--preset', '1', '--block-size', '4MiB'],
};
/** Where files are in memory alone, so that the disk does not count. */
const IN_MEMORY = '/dev/shm';

/**
 * verify beside `xz -t`, alone and with as many threads, extract beside `tar -xJf`, and cat of a header from the middle beside
 * `tar -xJOf`, in turns, on archives of the tree. What is unfair: `xz -t` does not look at the tar; tar's xz uses one thread,
 * unless it is told otherwise, and tar reads on behind the header; Node's own start counts in ours.
 */
export async function readingRows(tree: BenchTree, { jobs, repetitions }: SuiteOptions): Promise<Row[] | string> {
  const missing = ['xz', 'tar'].filter(name => spawnSync(name, ['--version']).error !== undefined);
  if (missing.length > 0) return `${missing.join(' and ')} cannot be run`;
  return withScratch(async scratch => {
    const threads = jobs.split(',').at(-1) ?? '1';
    const rows: Row[] = [];
    for (const [name, options] of Object.entries(ARCHIVES)) {
      await runPack(tree, options, scratch);
      const archive = join(scratch, 'k.tar.xz');
      rows.push(...(await archiveRows(name, archive, scratch, threads, repetitions)));
    }
    return rows;
  });
}

async function archiveRows(
  name: string,
  archive: string,
  scratch: string,
  threads: string,
  repetitions: number,
): Promise<Row[]> {
  const [node, main] = PROGRAM;
  const ours = ['--quiet', '--jobs', threads];
  const member = await middleMember(archive, scratch);
  const target = join(existsSync(IN_MEMORY) ? IN_MEMORY : scratch, `kheaders-pack-bench-${process.pid}`);
  const commands = [
    ['xz', '-t', '-T1', archive],
    ['xz', '-t', `-T${threads}`, archive],
    [node, main, 'verify', archive, ...ours],
    ['tar', '-xJf', archive, '-C', target],
    [node, main, 'extract', archive, '-C', target, ...ours],
    ['tar', '-xJOf', archive, member],
    [node, main, 'cat', archive, member, ...ours],
  ];
  try {
    const runs = await inTurns(commands.length, repetitions, which => {
      rmSync(target, { recursive: true, force: true });
      mkdirSync(target);
      return runCommand(commands[which] ?? [], scratch);
    });
    const [tested = [], threaded = [], verified = [], unpacked = [], extracted = [], found = [], printed = []] = runs;
    return [
      ...commandRows(`${name}: xz -t`, tested, null),
      ...commandRows(`${name}: xz -t -T${threads}`, threaded, tested),
      ...commandRows(`${name}: verify`, verified, tested),
      ...commandRows(`${name}: tar -xJf`, unpacked, null),
      ...commandRows(`${name}: extract`, extracted, unpacked),
      ...commandRows(`${name}: tar -xJOf`, found, null),
      ...commandRows(`${name}: cat`, printed, found),
    ];
  } finally {
    rmSync(target, { recursive: true, force: true });
  }
}

/** The name of the regular member in the middle. */
async function middleMember(archive: string, scratch: string): Promise<string> {
  const { output } = await runCommand([...PROGRAM, 'list', archive, '--json', '--quiet'], scratch);
  const { entries } = JSON.parse(output) as { readonly entries: readonly ListedEntry[] };
  const regular = entries.filter(({ kind }) => kind === 'regular');
  return regular[Math.floor(regular.length / 2)]?.path ?? '';
}

async function runCommand([command = '', ...args]: readonly string[], scratch: string): Promise<Measured> {
  return measureCommand({ command, args, workingDirectory: scratch, variables: {}, input: null, output: null });
}

/** @param other what it is measured beside */
function commandRows(name: string, runs: readonly Measured[], other: readonly Measured[] | null): Row[] {
  const seconds = runs.map(run => run.seconds);
  return [
    secondsRow(name, seconds, other === null ? '' : beside(seconds, other)),
    secondsRow(
      partOf(name, 'CPU'),
      runs.map(run => run.cpuSeconds),
      '',
    ),
    memoryRow(
      partOf(name, 'peak'),
      runs.map(run => run.peakMemory),
      '',
    ),
  ];
}

function beside(seconds: readonly number[], others: readonly Measured[]): string {
  const other = median(others.map(run => run.seconds));
  const over = median(seconds) - other;
  const sign = over < 0 ? '-' : '+';
  return `${(other / median(seconds)).toFixed(2)} times as fast, ${sign}${Math.abs(over).toFixed(3)} s`;
}
