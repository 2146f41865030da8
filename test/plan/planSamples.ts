import { createHash } from 'node:crypto';
import { type BytePath, fromLatin1 } from '../../src/bytes/bytePath.js';
import { presetOptions } from '../../src/lzma/presets.js';
import type { PlannedBlock } from '../../src/model/plan.js';
import type { ContentSettings } from '../../src/model/settings.js';
import type { ReadFile } from '../../src/plan/entries.js';
import { Splitter } from '../../src/plan/split.js';
import { xorshift } from '../bytes/xorshift.js';

/** Settings of which a test changes what it is about. */
export const CONTENT: ContentSettings = {
  kernels: [{ name: fromLatin1(''), srcarch: 'x86' }],
  selection: { profile: 'headers', listed: null, include: [], exclude: [] },
  strip: 'kernel',
  order: 'gnu',
  dedup: true,
  mtime: 0,
  blockSize: 2 ** 20,
  encoding: { codec: { name: 'liblzma', version: '5.2.3' }, lzma2: presetOptions(6, false), check: 'crc64' },
};

/** A regular file of `size` bytes; files of the same `content` are equal. */
export function regular(path: string, size: number, content = path, kernel = ''): ReadFile {
  const digest = createHash('sha256').update(content, 'latin1').digest('hex');
  const location = fromLatin1(`/tree/${path}`);
  const file = { kind: 'regular', path: fromLatin1(path), location, size: size + 1, stamp: '' } as const;
  return { kernel: fromLatin1(kernel), file, digested: { rawSize: size + 1, size, digest } };
}

export function symlink(path: string, target: string): ReadFile {
  const location = fromLatin1(`/tree/${path}`);
  const file = { kind: 'symlink', path: fromLatin1(path), location, target: fromLatin1(target) } as const;
  return { kernel: fromLatin1(''), file, digested: null };
}

/** An entry as the Splitter sees it: `size` is bytes in the tar. */
export interface SizedEntry {
  readonly name: BytePath;
  readonly size: number;
}

export function split(entries: readonly SizedEntry[], blockSize: number): PlannedBlock[] {
  const splitter = new Splitter(blockSize);
  const blocks = entries.flatMap(({ name, size }) => [...splitter.add(name, size)]);
  return [...blocks, ...splitter.end()];
}

/** Names and sizes with the spread of a kernel's headers: most of a few KiB, some of hundreds, a few of MiB. */
export function kernelLike(count: number, seed: number): SizedEntry[] {
  const next = xorshift(seed);
  const names = new Set<string>();
  while (names.size < count) names.add(`./include/${(next() % 40).toString(36)}/${next().toString(36)}.h`);
  return [...names].sort().map(name => ({ name: fromLatin1(name), size: sizeIn(next) }));
}

/** Bytes of an entry, at least its header: exponential about 4.5 KB, one in 200 a hundred times as large. */
export function sizeIn(next: () => number): number {
  const scale = next() % 200 === 0 ? 450_000 : 4500;
  const content = -Math.log((next() + 1) / 2 ** 32) * scale;
  return 512 + Math.ceil(content / 512) * 512;
}
