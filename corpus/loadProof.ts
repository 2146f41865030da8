/**
 * What much of everything does: many headers, a large tar, many packs in one process, many jobs on few processors. Each is
 * judged: exit codes, bytes, memory against the formulas, growth.
 *
 *     npm run load -- [--headers 100000] [--gigabytes 5] [--packs 200] [--jobs 64]
 *
 * It takes temporary disk space of some three times the gigabytes (TMPDIR says where). Exit 1 when anything is not as it
 * should be.
 */
import { statSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { formatSize } from '../src/bytes/size.js';
import { dieOfSignals } from '../src/cli/signals.js';
import { type Measured, measureCommand } from '../src/measure/command.js';
import { withScratch } from '../src/measure/scratchRoom.js';
import type { PackSummary } from '../src/model/summary.js';
import { writeLargeTar, wrongFiles } from './load/largeTar.js';
import { growth, packsInARow } from './load/packsInARow.js';
import { generateTree } from './synthetic.js';
import { PROGRAM } from './trees.js';

const MIB = 2 ** 20;
const JOBS = 2;
/**
 * What reading may take (`archive/reading/memory.ts`): the memory limit, and beside it Node with our code, a share for each
 * worker, and what the C library keeps of memory that was given back; for `extract` also something for each entry.
 */
const READING = { limit: 256 * MIB, node: 50 * MIB, worker: 15 * MIB, kept: 96 * MIB, entry: 1024 } as const;

let wrong = 0;

/** A line of the result: what was done, the figures, and what is wrong with them. */
function tell(what: string, figures: string, faults: readonly string[]): void {
  wrong += faults.length;
  const verdict = faults.length === 0 ? 'right' : `WRONG: ${faults.slice(0, 3).join('; ')}`;
  process.stdout.write(`${what}: ${figures}: ${verdict}\n`);
}

function costOf({ seconds, cpuSeconds, peakMemory }: Measured): string {
  return `${seconds.toFixed(1)} s, ${cpuSeconds.toFixed(1)} CPU s, peak ${formatSize(peakMemory)}`;
}

function kheadersPack(args: readonly string[], scratch: string): Promise<Measured> {
  return measureCommand({
    command: process.execPath,
    args: [PROGRAM, ...args],
    workingDirectory: scratch,
    variables: { KHEADERS_PACK_CACHE: 'off' },
    input: null,
    output: null,
  });
}

function within(peak: number, bound: number): string[] {
  return peak <= bound ? [] : [`${formatSize(peak)} of memory, ${formatSize(bound)} by the formula`];
}

/** Packs a tree of so many made-up headers, with few jobs and with many. */
async function manyHeaders(headers: number, manyJobs: number, scratch: string): Promise<void> {
  const tree = join(scratch, 'tree');
  generateTree(tree, { headers, seed: 1 });
  const digests: string[] = [];
  for (const jobs of [JOBS, manyJobs]) {
    const args = ['pack', tree, '--profile', 'all', '--preset', '1', '--jobs', String(jobs), '-q', '--json', '-o'];
    const measured = await kheadersPack([...args, join(scratch, 'k.tar.xz')], scratch);
    const summary = JSON.parse(measured.output) as PackSummary;
    digests.push(summary.digest);
    const { regular, hardLinks } = summary.files;
    const bound = summary.memoryBound ?? 0;
    tell(
      `pack of ${headers} headers, ${jobs} jobs`,
      `${formatSize(summary.bytes.tar)} of tar, ${costOf(measured)} of ${formatSize(bound)}`,
      [
        ...within(measured.peakMemory, bound),
        ...(regular + hardLinks === headers ? [] : [`${regular + hardLinks} files`]),
      ],
    );
  }
  tell(`${JOBS} and ${manyJobs} jobs`, digests.join(' and '), digests[0] === digests[1] ? [] : ['other bytes']);
}

/** Packs, lists, verifies and extracts a large tar of one tree. */
async function largeTar(gigabytes: number, scratch: string): Promise<void> {
  const [tar, archive, target] = ['large.tar', 'large.tar.xz', 'out'].map(name => join(scratch, name)) as [
    string,
    string,
    string,
  ];
  const made = writeLargeTar(tar, gigabytes * 1e9);
  const jobs = ['--jobs', String(JOBS)];
  const reading = [...jobs, '--memory-limit', String(READING.limit)];
  const packed = await kheadersPack(
    ['pack', '--from-tar', tar, '--preset', '0', ...jobs, '-q', '-o', archive],
    scratch,
  );
  const size = `${made.files} files, ${formatSize(made.bytes)} of tar`;
  tell(`pack --from-tar of ${size}`, `${formatSize(statSync(archive).size)}, ${costOf(packed)}`, []);
  const bound = READING.limit + READING.node + JOBS * READING.worker + READING.kept;
  const listed = await kheadersPack(['list', archive, ...reading], scratch);
  const lines = listed.output.split('\n').length - 1;
  tell('list', `${lines} lines, ${costOf(listed)} of ${formatSize(bound)}`, [
    ...within(listed.peakMemory, bound),
    ...(lines === made.files + made.directories ? [] : ['other lines than entries']),
  ]);
  const verified = await kheadersPack(['verify', archive, ...reading], scratch);
  tell('verify', `${costOf(verified)} of ${formatSize(bound)}`, within(verified.peakMemory, bound));
  const entries = READING.entry * (made.files + made.directories);
  const extracted = await kheadersPack(['extract', archive, '-q', '-C', target, ...reading], scratch);
  tell('extract', `${costOf(extracted)} of ${formatSize(bound + entries)}`, [
    ...within(extracted.peakMemory, bound + entries),
    ...wrongFiles(target, made),
  ]);
}

async function manyPacks(count: number, scratch: string): Promise<void> {
  const tree = join(scratch, 'tree');
  generateTree(tree, { headers: 300, seed: 1 });
  const holdings = await packsInARow(tree, count);
  const told = [0, Math.floor(count / 2), count - 1].map(i => {
    const { heap, resident, threads, descriptors, resources } = holdings[i] as (typeof holdings)[number];
    return `after ${i + 1} ${formatSize(heap)} of heap, ${formatSize(resident)} resident, ${threads} threads, ${descriptors} descriptors, ${resources.length} resources`;
  });
  tell(`${count} packs in a row`, told.join('; '), growth(holdings));
}

const { values } = parseArgs({
  options: {
    headers: { type: 'string', default: '100000' },
    gigabytes: { type: 'string', default: '5' },
    packs: { type: 'string', default: '200' },
    jobs: { type: 'string', default: '64' },
  },
});
dieOfSignals();
// One after the other: the disk holds the files of one at a time.
await withScratch(scratch => manyPacks(Number(values.packs), scratch));
await withScratch(scratch => manyHeaders(Number(values.headers), Number(values.jobs), scratch));
await withScratch(scratch => largeTar(Number(values.gigabytes), scratch));
process.stdout.write(wrong === 0 ? 'All as it should be\n' : `${wrong} things are wrong\n`);
process.exitCode = wrong === 0 ? 0 : 1;
