import { createHash } from 'node:crypto';
import { Bench } from 'tinybench';
import { fromLatin1 } from '../src/bytes/bytePath.js';
import { formatSize } from '../src/bytes/size.js';
import { liblzma } from '../src/lzma/liblzma.js';
import { presetOptions } from '../src/lzma/presets.js';
import { median } from '../src/measure/statistics.js';
import { WorkerPool } from '../src/pool/pool.js';
import { stripperFor } from '../src/strip/strip.js';
import { writeEntryHeaders } from '../src/tar/entryHeader.js';
import { CHECKS } from '../src/xz/check.js';
import { encodeVli } from '../src/xz/vli.js';
import { type Row, secondsRow } from './record.js';
import { type BenchTree, headersOf } from './sample.js';

/** Runs of each at least, whatever they take: the encoder takes a second. */
const LEAST = { iterations: 9, warmupIterations: 2 } as const;
const SAMPLE_BYTES = 4 * 2 ** 20;
const EMPTY = fromLatin1('');
const NAME = fromLatin1('./include/linux/x.h');

/**
 * What each step of the pipeline costs by itself, on 4 MiB of the tree's own headers, in one thread. Warm caches and a warmed-up
 * compiler: the steps are faster here than in a pack that starts cold.
 */
export async function microRows(tree: BenchTree, milliseconds: number): Promise<Row[]> {
  const headers = headersOf(tree, SAMPLE_BYTES);
  const joined = Buffer.concat(headers);
  const pool = new WorkerPool(1);
  const bench = new Bench({ time: milliseconds, warmupTime: milliseconds / 4, ...LEAST, retainSamples: true });
  const bytesOf = new Map<string, number>();
  const add = (name: string, bytes: number, work: () => unknown): void => {
    bytesOf.set(name, bytes);
    bench.add(name, work);
  };
  addStripping(add, headers);
  addFormats(add, headers, joined);
  addThreads(add, pool);
  try {
    await bench.run();
  } finally {
    await pool.close();
  }
  return bench.tasks.map(task => {
    if (task.result.state !== 'completed') throw new Error(`Benchmark "${task.name}" did not complete`);
    const seconds = [...(task.result.latency.samples ?? [])].map(sample => sample / 1000);
    const bytes = bytesOf.get(task.name) ?? 0;
    const rate = bytes === 0 ? '' : `${formatSize(bytes / median(seconds))}/s`;
    return secondsRow(task.name, seconds, rate);
  });
}

type Add = (name: string, bytes: number, work: () => unknown) => void;

/** The lexer is what `comments` and `tokens` spend their time in. */
function addStripping(add: Add, headers: readonly Buffer[]): void {
  const out = Buffer.alloc(Math.max(...headers.map(({ length }) => length)));
  for (const mode of ['kernel', 'comments', 'tokens'] as const) {
    const strip = stripperFor(mode);
    add(`strip ${mode}`, sizeOf(headers), () => {
      for (const header of headers) strip(header, out);
    });
  }
}

function addFormats(add: Add, headers: readonly Buffer[], joined: Buffer): void {
  const entryHeader = Buffer.alloc(1024);
  const entry = { name: NAME, typeflag: '0', mode: 0o644, mtime: 0, linkname: EMPTY } as const;
  add('digest (SHA-256)', joined.length, () => {
    for (const header of headers) createHash('sha256').update(header).digest();
  });
  add(`tar entry headers, ${headers.length}`, 0, () => {
    for (const header of headers) writeEntryHeaders({ ...entry, size: header.length }, entryHeader.fill(0), 0);
  });
  add('check (CRC64)', joined.length, () => CHECKS.crc64.compute(joined));
  add('vli, 1000 of them', 0, () => {
    const out: number[] = [];
    for (let i = 0; i < 1000; i++) encodeVli(i * 65_537, out);
  });
  for (const preset of [1, 6]) {
    const options = { ...presetOptions(preset, false), dictionarySize: SAMPLE_BYTES };
    add(`encode (LZMA2, preset ${preset})`, joined.length, () => liblzma.encode(joined, options));
  }
}

/** A finished Block goes to the main thread by transfer; a copy is what that saves. */
function addThreads(add: Add, pool: WorkerPool): void {
  const block = new Uint8Array(SAMPLE_BYTES).fill(1);
  add('pool round trip, empty task', 0, () => pool.digest({ kind: 'digest', withRaw: false, files: [] }));
  add('4 MiB copied to another buffer', SAMPLE_BYTES, () => structuredClone(block));
  add('4 MiB made and transferred', SAMPLE_BYTES, () => {
    const made = new Uint8Array(SAMPLE_BYTES);
    return structuredClone(made, { transfer: [made.buffer] });
  });
}

function sizeOf(buffers: readonly Buffer[]): number {
  return buffers.reduce((sum, { length }) => sum + length, 0);
}
