import type { BenchResult, Contended } from './result.js';

const COLUMNS: Readonly<Record<string, (each: Contended) => string | number>> = {
  name: each => each.name,
  kind: each => each.kind,
  jobs: each => each.jobs,
  runs: each => each.seconds.count,
  seconds: each => each.seconds.median,
  seconds_deviation: each => each.seconds.deviation,
  seconds_low: each => each.seconds.low,
  seconds_high: each => each.seconds.high,
  coverage: each => each.seconds.coverage,
  cpu_seconds: each => each.cpuSeconds.median,
  peak_memory_bytes: each => each.peakMemory,
  tar_bytes: each => each.tarBytes,
  archive_bytes: each => each.bytes,
  decode_seconds: each => each.decode?.seconds.median ?? '',
  on_front: each => (each.isOnFront ? 1 : 0),
  sha256: each => each.digests.join(' '),
  command: each => each.command,
};

/** The sweep as CSV (RFC 4180): a line for each contender, the axes' values in columns of their own behind the others. */
export function csvText({ contenders }: BenchResult): string {
  const axes = [...new Set(contenders.flatMap(each => Object.keys(each.values)))];
  const lines = [
    [...Object.keys(COLUMNS), ...axes.map(flag => flag.replace(/^--/, 'axis_').replaceAll('-', '_'))],
    ...contenders.map(each => [
      ...Object.values(COLUMNS).map(column => column(each)),
      ...axes.map(axis => each.values[axis] ?? ''),
    ]),
  ];
  return lines.map(line => `${line.map(field).join(',')}\r\n`).join('');
}

function field(value: string | number): string {
  const text = String(value);
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
