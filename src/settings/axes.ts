import type { PackOptions } from './options.js';

/** An option that a sweep may take as a list: its name as an option, and on the command line. */
export interface Axis {
  readonly key: AxisKey;
  readonly flag: string;
  /** What stands between values. Null: the option is given once for each value, because a value may hold commas. */
  readonly separator: ',' | null;
}

export type AxisKey = 'jobs' | 'blockSize' | 'preset' | 'lzma2' | 'strip' | 'order' | 'codec' | 'check' | 'profile';

/** In the order in which points vary: the last changes fastest. */
const AXES: readonly Axis[] = [
  { key: 'codec', flag: '--codec', separator: ',' },
  { key: 'profile', flag: '--profile', separator: ',' },
  { key: 'strip', flag: '--strip', separator: ',' },
  { key: 'order', flag: '--order', separator: ',' },
  { key: 'preset', flag: '--preset', separator: ',' },
  { key: 'lzma2', flag: '--lzma2', separator: null },
  { key: 'blockSize', flag: '--block-size', separator: ',' },
  { key: 'check', flag: '--check', separator: ',' },
  { key: 'jobs', flag: '--jobs', separator: ',' },
];

/** A value of each axis that was given. */
export interface AxisPoint {
  readonly options: Pick<PackOptions, AxisKey>;
  readonly values: Readonly<Record<string, string>>;
}

/** Every combination of the values, each once. An axis that was not given stays at its default. */
export function pointsOf(given: Readonly<Partial<Record<AxisKey, readonly string[]>>>): AxisPoint[] {
  let points: AxisPoint[] = [{ options: {}, values: {} }];
  for (const { key, flag, separator } of AXES) {
    const values = new Set(given[key]?.flatMap(value => (separator === null ? [value] : value.split(separator))));
    if (values.size === 0) continue;
    points = points.flatMap(point =>
      [...values].map(value => ({
        options: { ...point.options, [key]: value },
        values: { ...point.values, [flag]: value },
      })),
    );
  }
  return points;
}
