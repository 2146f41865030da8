import type { BenchResult, Contended } from '../../src/measure/result.js';
import { estimate } from '../../src/measure/statistics.js';
import type { TraceEvent, TraceFile } from '../../src/model/trace.js';

/** A contender with these seconds; the rest follows. */
export function contender(
  name: string,
  bytes: number,
  seconds: readonly number[],
  more: Partial<Contended> = {},
): Contended {
  return {
    name,
    kind: 'ours',
    command: `${name} TREE`,
    version: '',
    jobs: 1,
    values: {},
    seconds: estimate(seconds),
    cpuSeconds: estimate(seconds),
    peakMemory: 100 * 2 ** 20,
    bytes,
    tarBytes: 10 * bytes,
    decode: { command: 'xz -dc -T1', seconds: estimate([0.5]) },
    digests: ['0123456789abcdef'],
    isOnFront: false,
    isUncertain: false,
    stages: { walk: estimate([0.1]), scan: estimate([0.2]), plan: estimate([0.05]), compress: estimate([0.5]) },
    ...more,
  };
}

/** Ours at one, two and four jobs, and a peer. `hostile` text stands wherever text of others may. */
export function sampleResult(hostile: string): BenchResult {
  return {
    schema: 'kheaders-pack/bench/1',
    tool: { name: 'kheaders-pack', version: '1.0.0' },
    started: '2026-01-02T03:04:05.678Z',
    environment: {
      processor: `A processor ${hostile}`,
      processors: 4,
      memory: 2 ** 34,
      system: 'Linux 6.1',
      node: 'v20',
      codecBuild: '-O3',
      load: 0.5,
    },
    input: { kind: 'tree', name: `linux ${hostile}`, tarBytes: 40_000_000, tarDigest: 'ab'.repeat(32) },
    contenders: [
      ...[1, 2, 4].map((jobs, i) =>
        contender(`kheaders-pack --jobs ${jobs}`, 4_000_000, [8 / jobs, 9 / jobs, 8.5 / jobs], {
          jobs,
          values: { '--jobs': String(jobs) },
          isOnFront: i === 2,
        }),
      ),
      contender(`zstd ${hostile}`, 4_200_000, [12, 13, 11], {
        kind: 'peer',
        stages: null,
        version: `version 1 ${hostile}`,
        decode: null,
      }),
    ],
    notices: [`Not measured: pixz ${hostile}`],
  };
}

/** Two workers, a batch each, three Blocks. */
export function sampleTrace(): TraceFile {
  const event = (name: string, cat: string, tid: number, from: number, to: number, args: object = {}): TraceEvent => ({
    name,
    cat,
    ph: 'X',
    ts: from * 1e6,
    dur: (to - from) * 1e6,
    pid: 1,
    tid,
    args: { ...args },
  });
  const row = (tid: number, name: string): TraceEvent => ({
    name: 'thread_name',
    cat: '__metadata',
    ph: 'M',
    ts: 0,
    pid: 1,
    tid,
    args: { name },
  });
  const count = (ts: number, value: number): TraceEvent => ({
    name: 'tasks waiting for a worker',
    cat: 'queue',
    ph: 'C',
    ts: ts * 1e6,
    pid: 1,
    tid: 0,
    args: { count: value },
  });
  return {
    displayTimeUnit: 'ms',
    otherData: { jobs: 2, utilisation: { scan: 0.8, compress: 0.95 } },
    traceEvents: [
      row(0, 'stages'),
      row(1, 'worker 1'),
      row(2, 'worker 2'),
      row(10_000, 'writes'),
      event('scan', 'stage', 0, 0.1, 0.5),
      event('compress', 'stage', 0, 0.5, 3),
      event('read', 'digest', 1, 0.1, 0.4),
      event('read', 'digest', 2, 0.1, 0.5),
      event('Block 1', 'encode', 1, 0.5, 2.9, { block: 1 }),
      event('Block 2', 'encode', 2, 0.5, 1.5, { block: 2 }),
      event('Block 3', 'encode', 2, 1.5, 2.8, { block: 3 }),
      event('write', 'write', 10_000, 2.9, 2.91),
      count(0.5, 1),
      count(1.5, 0),
    ],
  };
}
