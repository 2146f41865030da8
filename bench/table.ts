import { formatSize } from '../src/bytes/size.js';
import type { Row } from './record.js';

/** The rows as a table for a terminal. */
export function tableText(title: string, rows: readonly Row[]): string {
  const lines = rows.map(row => {
    const { median, deviation, count } = row.estimate;
    const spread = row.unit === 'seconds' && count > 1 ? `±${((100 * deviation) / median).toFixed(1)} %` : '';
    return `${row.name.padEnd(64)}${valueText(row).padStart(14)}${spread.padStart(9)}  ${row.notes}`.trimEnd();
  });
  return `${title}\n${lines.join('\n')}\n`;
}

export function valueText({ unit, estimate: { median } }: Pick<Row, 'unit' | 'estimate'>): string {
  if (unit === 'bytes') return `${median} B`;
  if (unit === 'memory') return formatSize(median);
  if (median < 1e-3) return `${(1e6 * median).toFixed(1)} us`;
  return median < 0.1 ? `${(1e3 * median).toFixed(2)} ms` : `${median.toFixed(2)} s`;
}
