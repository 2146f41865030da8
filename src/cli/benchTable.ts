import { formatBytes, formatSize } from '../bytes/size.js';
import { answersOf, gainText, intervalText } from '../measure/answers.js';
import type { BenchResult, Contended } from '../measure/result.js';

interface Column {
  readonly title: string;
  readonly text: (each: Contended) => string;
}

const COLUMNS: readonly Column[] = [
  { title: 'bytes', text: each => String(each.bytes) },
  { title: 'ratio', text: each => `${((100 * each.bytes) / each.tarBytes).toFixed(2)} %` },
  { title: 'seconds', text: each => each.seconds.median.toFixed(2) },
  { title: 'interval', text: each => `${each.seconds.low.toFixed(2)}-${each.seconds.high.toFixed(2)}` },
  { title: 'runs', text: each => String(each.seconds.count) },
  { title: 'CPU s', text: each => each.cpuSeconds.median.toFixed(2) },
  { title: 'memory', text: each => formatSize(each.peakMemory) },
  {
    title: 'decode',
    text: each => (each.decode === null ? '-' : `${formatSize(each.tarBytes / each.decode.seconds.median)}/s`),
  },
];

/** The sweep as a table for a terminal, smallest first; the mark says what is known of its place on the front. */
export function benchTable(result: BenchResult): string {
  const contenders = result.contenders.toSorted((a, b) => a.bytes - b.bytes || a.seconds.median - b.seconds.median);
  const rows = contenders.map(each => COLUMNS.map(column => column.text(each)));
  const widths = COLUMNS.map(({ title }, i) => Math.max(title.length, ...rows.map(row => row[i]?.length ?? 0)));
  const line = (cells: readonly string[], mark: string, name: string): string =>
    `${mark} ${cells.map((cell, i) => cell.padStart(widths[i] ?? 0)).join('  ')}  ${name}`;
  return [
    line(
      COLUMNS.map(({ title }) => title),
      ' ',
      '',
    ),
    ...rows.map((row, i) => line(row, markOf(contenders[i]), contenders[i]?.name ?? '')),
    '',
    ...answerLines(result),
    ...closingLines(result),
  ]
    .map(text => `${text.trimEnd()}\n`)
    .join('');
}

function markOf(each: Contended | undefined): string {
  return `${each?.isOnFront ? '*' : ' '}${each?.isUncertain ? '?' : ' '}`;
}

/** For each peer, what of ours is both smaller and faster. */
function answerLines(result: BenchResult): string[] {
  const answers = answersOf(result);
  if (answers.length === 0) return [];
  const width = Math.max(...answers.map(({ peer }) => peer.name.length));
  const ours = (each: Contended | null, peer: Contended): string =>
    each === null ? 'none' : `${each.name}, ${gainText(each, peer)}`;
  return [
    'Of ours, what is smaller and faster than',
    ...answers.flatMap(({ peer, onSameTar, otherwise }) => [
      `  ${peer.name.padEnd(width)}  same tar: ${ours(onSameTar, peer)}`,
      ...(otherwise === null ? [] : [`  ${' '.repeat(width)}  another: ${ours(otherwise, peer)}`]),
    ]),
    '',
  ];
}

function closingLines({ contenders, environment, input, notices }: BenchResult): string[] {
  const { processor, processors, node, codecBuild, load } = environment;
  return [
    '* no other is at least as small and as fast; ? more runs could change its place',
    `interval: ${intervalText(contenders)}; CPU and memory of the whole process; decode: ${decoders(contenders)}`,
    `${input.name}: ${SHARED_TAR[input.kind]} has ${formatBytes(input.tarBytes)}, sha256 ${input.tarDigest}`,
    `${processor}, ${processors} processors, load ${load}, node ${node}, liblzma ${codecBuild} build`,
    ...notices,
  ];
}

const SHARED_TAR: Readonly<Record<BenchResult['input']['kind'], string>> = {
  tree: 'the tar of the first settings, which peers compress,',
  tar: 'the tar, which all compress,',
};

function decoders(contenders: readonly Contended[]): string {
  const commands = new Set(contenders.flatMap(each => (each.decode === null ? [] : [each.decode.command])));
  return commands.size === 0 ? 'not measured, xz is not on the PATH' : `by ${[...commands].join(', ')}`;
}
