import { appendFileSync, cpSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { headersBelow } from '../corpus/tokenProof/headers.js';
import { releaseTrees } from '../corpus/trees.js';
import { type Measured, measureCommand } from '../src/measure/command.js';
import { withScratch } from '../src/measure/scratchRoom.js';
import { median } from '../src/measure/statistics.js';
import { type PackRun, runPack } from './packRun.js';
import { partOf, type Row, type SuiteOptions, secondsRow } from './record.js';
import type { BenchTree } from './sample.js';

/** What profile `headers` takes of a tree for x86, and what makes it one. */
const COPIED = ['include', 'arch/x86/include', 'Makefile', '.config'];
/** Milliseconds after which a file counts as settled. */
const SETTLED = 2200;
/** Headers that are changed, each by itself, evenly spread over the tree. */
const EDITS = 12;
const COLD_RUNS = 3;
const COLD: readonly string[] = ['--no-cache'];
/** Who packs again and again chooses these: pack's own Blocks are as large as the headers. */
const INCREMENTAL = '4MiB';
const BLOCK_SIZES = ['1MiB', '2MiB', '4MiB', '8MiB', '16MiB', '32MiB'];
const COMMENT = '/* a remark */\n';
const DEFINITION = '#define KHEADERS_PACK_BENCH 1\n';

type Packed = Pick<BenchTree, 'source' | 'object'>;
type Pack = (tree: Packed, caching: readonly string[]) => Promise<PackRun>;

/**
 * What a pack costs that finds its Blocks in the cache: with nothing changed, with a comment, with a definition changed.
 * Every archive is compared with that of a pack without a cache. What is unfair: the page cache is warm.
 */
export async function incrementalRows(tree: BenchTree, { jobs, repetitions }: SuiteOptions): Promise<Row[]> {
  return withScratch(async scratch => {
    const pack = packer(jobs, scratch, ['--block-size', INCREMENTAL]);
    const copy = { source: copyHeaders(tree.source, scratch), object: tree.object };
    const headers = headersOf(copy);
    const edited = Array.from({ length: EDITS }, (_, i) => Math.floor(((i + 0.5) / EDITS) * headers.length));
    await sleep(SETTLED);
    const cached = (): Promise<PackRun> => pack(copy, ['--cache', join(scratch, 'cache')]);
    const cold: PackRun[] = [];
    for (let i = 0; i < COLD_RUNS; i++) cold.push(await pack(copy, COLD));
    const filling = await cached();
    const { digest, blocks } = filling.summary;
    const starts: Measured[] = [];
    const warm: PackRun[] = [];
    for (let i = 0; i < repetitions; i++) {
      starts.push(await startNode(scratch));
      warm.push(await cached());
    }
    for (const run of [...cold, ...warm]) requireDigest(run, digest);
    const over = median(warm.map(({ seconds }) => seconds)) - median(starts.map(({ seconds }) => seconds));
    return [
      ...timeRows('cold', cold, 'without a cache'),
      ...timeRows('cold, filling a cache', [filling], `${blocks} Blocks`),
      ...timeRows("Node's own start", starts, ''),
      ...timeRows('nothing changed', warm, `${over.toFixed(3)} s over Node's own start`),
      ...(await editRows('a comment changed', { line: COMMENT, edited, copy, pack, cached, cold })),
      ...(await editRows('a definition changed', { line: DEFINITION, edited, copy, pack, cached, cold })),
    ];
  });
}

/**
 * What a definition costs that was added to the first, the middle and the last header, and what the archive's size is, by
 * block size. What is unfair: nothing known.
 */
export async function blockSizeRows(tree: BenchTree, { jobs }: SuiteOptions): Promise<Row[]> {
  return withScratch(async scratch => {
    const copy = { source: copyHeaders(tree.source, scratch), object: tree.object };
    await sleep(SETTLED);
    const last = headersOf(copy).length - 1;
    const edited = [0, Math.floor(last / 2), last];
    const rows: Row[] = [];
    for (const blockSize of BLOCK_SIZES) {
      const pack = packer(jobs, scratch, ['--block-size', blockSize]);
      const cached = (): Promise<PackRun> => pack(copy, ['--cache', join(scratch, `cache-${blockSize}`)]);
      const cold: PackRun[] = [];
      for (let i = 0; i < COLD_RUNS; i++) cold.push(await pack(copy, COLD));
      await cached();
      const [run] = cold;
      rows.push(
        ...timeRows(`${blockSize} cold`, cold, `${run?.summary.bytes.archive} bytes, ${run?.summary.blocks} Blocks`),
        ...(await editRows(`${blockSize} a definition`, { line: DEFINITION, edited, copy, pack, cached, cold })),
      );
    }
    return rows;
  });
}

/** Point releases one after the other on one cache; each pair on a cache of its own. What is unfair: nothing known. */
export async function releaseRows({ jobs }: SuiteOptions): Promise<Row[] | string> {
  const trees = releaseTrees();
  if (trees.length < 2) return 'no point releases in the corpus (npm run corpus -- --releases)';
  return withScratch(async scratch => {
    const pack = packer(jobs, scratch, ['--block-size', INCREMENTAL]);
    const rows: Row[] = [];
    for (const [i, newer] of trees.entries()) {
      for (const older of trees.slice(Math.max(0, i - 2), i)) {
        const caching = ['--cache', join(scratch, `${i}-${basename(older)}`)];
        const cold = await pack({ source: newer, object: null }, COLD);
        await pack({ source: older, object: null }, caching);
        const run = await pack({ source: newer, object: null }, caching);
        requireDigest(run, cold.summary.digest);
        const name = `${basename(older)}, then ${basename(newer)}`;
        rows.push(...timeRows(name, [run], `${reused(run)}; ${share([run], [cold])} of the cold time`));
      }
    }
    return rows;
  });
}

/** Packs on the last number of jobs of a list. */
function packer(jobs: string, scratch: string, content: readonly string[]): Pack {
  const fixed = ['--jobs', jobs.split(',').at(-1) ?? '1', ...content];
  return (tree, caching) => runPack(tree, [...fixed, ...caching], scratch);
}

function startNode(scratch: string): Promise<Measured> {
  const empty = join(scratch, 'empty.mjs');
  writeFileSync(empty, '');
  const command = { command: process.execPath, args: [empty], workingDirectory: scratch };
  return measureCommand({ ...command, variables: {}, input: null, output: null });
}

function copyHeaders(source: string, scratch: string): string {
  const tree = join(scratch, 'linux');
  mkdirSync(join(tree, 'arch/x86'), { recursive: true });
  const options = { recursive: true, preserveTimestamps: true, verbatimSymlinks: true };
  for (const part of COPIED.filter(each => existsSync(join(source, each)))) {
    cpSync(join(source, part), join(tree, part), options);
  }
  return tree;
}

interface Edits {
  readonly line: string;
  /** Indices of headers. */
  readonly edited: readonly number[];
  readonly copy: Packed;
  readonly pack: Pack;
  readonly cached: () => Promise<PackRun>;
  readonly cold: readonly PackRun[];
}

/** Packs with a line added to one header, and then without it again. */
async function editRows(name: string, { line, edited, copy, pack, cached, cold }: Edits): Promise<Row[]> {
  const headers = headersOf(copy);
  const runs: PackRun[] = [];
  for (const index of edited) {
    const header = headers[index] ?? '';
    const before = readFileSync(header);
    appendFileSync(header, line);
    const run = await cached();
    runs.push(run);
    requireDigest(await pack(copy, COLD), run.summary.digest);
    writeFileSync(header, before);
    requireDigest(await cached(), cold[0]?.summary.digest ?? '');
  }
  const encoded = Math.max(...runs.map(({ summary }) => summary.cache?.blocks.encoded ?? Number.NaN));
  return timeRows(name, runs, `${encoded} Blocks compressed at most; ${share(runs, cold)} of the cold time`);
}

/** Paths in the order of the archive, as far as directories go. */
function headersOf({ source }: Packed): string[] {
  return Array.from(headersBelow(source), path => join(source, path)).sort();
}

function timeRows(name: string, runs: readonly Measured[], notes: string): Row[] {
  return [
    secondsRow(
      name,
      runs.map(({ seconds }) => seconds),
      notes,
    ),
    secondsRow(
      partOf(name, 'CPU'),
      runs.map(({ cpuSeconds }) => cpuSeconds),
      '',
    ),
  ];
}

function share(runs: readonly Measured[], cold: readonly Measured[]): string {
  const middle = (of: readonly Measured[]): number => median(of.map(({ seconds }) => seconds));
  return (middle(runs) / middle(cold)).toFixed(2);
}

function reused({ summary }: PackRun): string {
  const { blocks, bytesSaved } = summary.cache ?? { blocks: { local: 0, encoded: 0 }, bytesSaved: 0 };
  const bytes = ((100 * bytesSaved) / summary.bytes.tar).toFixed(0);
  return `${blocks.local} of ${blocks.local + blocks.encoded} Blocks reused, ${bytes} % of the bytes`;
}

function requireDigest({ summary }: PackRun, digest: string): void {
  if (summary.digest !== digest) throw new Error(`Different archives: ${summary.digest}, ${digest}`);
}
