import { formatSize } from '../../bytes/size.js';
import type { BenchResult, Contended } from '../result.js';
import { escaped, escapedWords } from './escape.js';
import { numbered } from './numbered.js';

const MIB = 2 ** 20;

interface Column {
  readonly title: string;
  readonly text: (each: Contended) => string;
  /** What the column is sorted by. */
  readonly value: (each: Contended) => number;
}

const COLUMNS: readonly Column[] = [
  { title: 'bytes', text: each => grouped(each.bytes), value: each => each.bytes },
  {
    title: 'ratio, %',
    text: each => ((100 * each.bytes) / each.tarBytes).toFixed(2),
    value: each => each.bytes / each.tarBytes,
  },
  { title: 'seconds', text: each => each.seconds.median.toFixed(2), value: each => each.seconds.median },
  {
    title: 'interval',
    text: ({ seconds }) => `${seconds.low.toFixed(2)}\u2013${seconds.high.toFixed(2)}`,
    value: ({ seconds }) => (seconds.high - seconds.low) / seconds.median,
  },
  { title: 'runs', text: each => String(each.seconds.count), value: each => each.seconds.count },
  { title: 'CPU s', text: each => each.cpuSeconds.median.toFixed(2), value: each => each.cpuSeconds.median },
  { title: 'memory', text: each => formatSize(each.peakMemory), value: each => each.peakMemory },
  {
    title: 'decode, MiB/s',
    text: each => (each.decode === null ? '\u2013' : decodeSpeed(each).toFixed(0)),
    value: each => (each.decode === null ? 0 : decodeSpeed(each)),
  },
  {
    title: 'sha256',
    text: each => digestText(each.digests),
    value: each => Number.parseInt(each.digests[0]?.slice(0, 8) ?? '0', 16),
  },
];

/** All contenders, smallest first, those on the front in bold. */
export function resultTable(result: BenchResult): string {
  const heads = ['number', 'name', ...COLUMNS.map(({ title }) => title)];
  const head = heads.map(title => `<th scope="col"${title === 'name' ? ' class="name"' : ''}>${escaped(title)}</th>`);
  const rows = numbered(result).map(({ number, each }) => {
    const cells = COLUMNS.map(({ text, value }) => cell(value(each), text(each)));
    const mark = each.isUncertain ? '&nbsp;?' : '';
    const name = `<td class="name" data-value="${escaped(each.name)}">${escapedWords(each.name)}${mark}</td>`;
    const all = [cell(number, String(number)), name, ...cells];
    return `<tr${each.isOnFront ? ' class="front"' : ''}>${all.join('')}</tr>`;
  });
  return `<div class="scroll" tabindex="0" role="region" aria-label="Results"><table id="results">
<thead><tr>${head.join('')}</tr></thead>
<tbody>
${rows.join('\n')}
</tbody>
</table></div>`;
}

function cell(value: string | number, text: string): string {
  return `<td data-value="${escaped(value)}">${escaped(text)}</td>`;
}

function decodeSpeed({ tarBytes, decode }: Contended): number {
  return tarBytes / MIB / (decode?.seconds.median ?? Number.POSITIVE_INFINITY);
}

function digestText(digests: readonly string[]): string {
  const [first = ''] = digests;
  return digests.length > 1 ? `${digests.length} different` : first.slice(0, 8);
}

function grouped(bytes: number): string {
  return String(bytes).replace(/\B(?=(\d{3})+$)/g, ',');
}
