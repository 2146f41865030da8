import { createHash } from 'node:crypto';
import { Bench } from 'tinybench';
import { fromLatin1 } from '../src/bytes/bytePath.js';
import { liblzma } from '../src/lzma/liblzma.js';
import { presetOptions } from '../src/lzma/presets.js';
import { WorkerPool } from '../src/pool/pool.js';
import { stripperFor } from '../src/strip/strip.js';
import { writeEntryHeaders } from '../src/tar/entryHeader.js';
import { CHECKS } from '../src/xz/check.js';
import { type BenchTree, headersOf } from './sample.js';
import type { Row } from './table.js';

const SAMPLE_BYTES = 4 * 2 ** 20;
const EMPTY = fromLatin1('');

/**
 * What each step of the pipeline costs by itself, on 4 MiB of the tree's own headers, in one thread. Warm caches and a
 * warmed-up compiler: the steps are faster here than in a pack that starts cold.
 */
export async function microRows(tree: BenchTree, milliseconds: number): Promise<Row[]> {
  const headers = headersOf(tree, SAMPLE_BYTES);
  const joined = Buffer.concat(headers);
  const out = Buffer.alloc(joined.length);
  const entryHeader = Buffer.alloc(1024);
  const pool = new WorkerPool(1);
  const bench = new Bench({ time: milliseconds, warmupTime: milliseconds / 4 });
  const strip = stripperFor('kernel');
  bench
    .add('strip kernel', () => {
      for (const header of headers) strip(header, out);
    })
    .add('digest (SHA-256)', () => {
      for (const header of headers) createHash('sha256').update(header).digest();
    })
    .add('tar entry headers', () => {
      for (const header of headers) {
        const entry = { name: fromLatin1('./include/linux/x.h'), typeflag: '0', mode: 0o644, mtime: 0 } as const;
        writeEntryHeaders({ ...entry, size: header.length, linkname: EMPTY }, entryHeader.fill(0), 0);
      }
    })
    .add('check (CRC64)', () => {
      CHECKS.crc64.compute(joined);
    })
    .add('encode (LZMA2, preset 1)', () => {
      liblzma.encode(joined, { ...presetOptions(1, false), dictionarySize: SAMPLE_BYTES });
    })
    .add('encode (LZMA2, preset 6)', () => {
      liblzma.encode(joined, { ...presetOptions(6, false), dictionarySize: SAMPLE_BYTES });
    })
    .add('pool round trip, empty task', async () => {
      await pool.digest({ kind: 'digest', withRaw: false, files: [] });
    });
  try {
    await bench.run();
  } finally {
    await pool.close();
  }
  return bench.tasks.map(task => {
    if (task.result.state !== 'completed') throw new Error(`Benchmark "${task.name}" did not complete`);
    const { p50, mad, samplesCount } = task.result.latency;
    const bytes = task.name.startsWith('pool') ? 0 : joined.length;
    return { name: task.name, seconds: p50 / 1000, spread: mad / 1000, runs: samplesCount, bytes, notes: '' };
  });
}
