import type { Disturbance } from './disturbance.js';

/** What a rebuild runs under; what is not there is as it is. None of it may reach the archive. */
export interface Circumstances {
  readonly jobs?: number;
  readonly environment?: Readonly<Record<string, string>>;
  readonly disturbance?: Partial<Disturbance>;
  /** From a copy of the files at another path. */
  readonly isCopied?: boolean;
}

export interface Factor {
  readonly name: string;
  readonly values: readonly (readonly [label: string, circumstances: Circumstances])[];
}

const zone = (TZ: string): readonly [string, Circumstances] => [TZ, { environment: { TZ } }];
const locale = (name: string): readonly [string, Circumstances] => [
  name,
  { environment: { LANG: name, LC_ALL: name, LC_COLLATE: name } },
];
const seeds = (of: 'directories' | 'arrivals'): Factor['values'] =>
  [1, 2, 3, 4].map(seed => [`seed ${seed}`, { disturbance: { [of]: seed } }]);

/** Each factor has as many values as there are rebuilds: the first rebuild takes the first of each, and so on. */
export const FACTORS: readonly Factor[] = [
  { name: 'jobs', values: [1, 2, 3, 8].map(jobs => [String(jobs), { jobs }]) },
  { name: 'arrival of Blocks', values: seeds('arrivals') },
  { name: 'time zone', values: ['Asia/Kathmandu', 'America/St_Johns', 'Pacific/Kiritimati', 'UTC'].map(zone) },
  { name: 'locale', values: ['tr_TR.UTF-8', 'C', 'de_DE.UTF-8', 'ja_JP.UTF-8'].map(locale) },
  {
    name: 'umask',
    values: [0o077, 0o000, 0o027, 0o007].map(umask => [umask.toString(8).padStart(3, '0'), { disturbance: { umask } }]),
  },
  { name: 'order of directories', values: seeds('directories') },
  {
    name: 'path of the tree',
    values: [false, true, false, true].map(isCopied => [isCopied ? 'a copy' : 'as given', { isCopied }]),
  },
];

/** The circumstances of several factors at once. */
export function together(parts: readonly Circumstances[]): Circumstances {
  return {
    ...Object.assign({}, ...parts),
    environment: Object.assign({}, ...parts.map(({ environment }) => environment)),
    disturbance: Object.assign({}, ...parts.map(({ disturbance }) => disturbance)),
  };
}
