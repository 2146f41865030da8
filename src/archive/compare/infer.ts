import { fromLatin1 } from '../../bytes/bytePath.js';
import { largestOf } from '../../bytes/largest.js';
import { BLOCK_SIZE_MAX } from '../../lzma/codec.js';
import type { ArchiveIndex, IndexedEntry } from '../../model/archiveIndex.js';
import type { BlockHeader } from '../../model/container.js';
import type { CheckKind, Order } from '../../model/settings.js';
import { SORT_KEYS } from '../../plan/order.js';
import { Splitter } from '../../plan/split.js';
import { roundUpRecord } from '../../tar/entryHeader.js';
import { CHECKS } from '../../xz/check.js';
import { dictionarySizeOfCode, LZMA2_FILTER_ID } from '../../xz/lzma2Filter.js';

/** What an archive shows of the settings that made it; null where it does not show, or no setting of ours gives it. */
export interface InferredSettings {
  readonly check: CheckKind | null;
  readonly codec: string | null;
  /** Bytes. */
  readonly dictionarySize: number | null;
  readonly literals: { readonly lc: number; readonly lp: number; readonly pb: number } | null;
  /** Bytes. */
  readonly blockSize: number | null;
  readonly order: Order | null;
  readonly dedup: boolean | null;
  /** Seconds since 1970; null where the entries have several. */
  readonly mtime: number | null;
  /** Null where the entries have none or several. */
  readonly arch: string | null;
}

export function inferSettings(index: ArchiveIndex): InferredSettings {
  const { container, entries, firstBlock } = index;
  const checkId = container.streams[0]?.checkId;
  const check = (Object.keys(CHECKS) as CheckKind[]).find(name => CHECKS[name].id === checkId) ?? null;
  const dictionarySize = firstBlock === null ? null : dictionarySizeOf(firstBlock.header);
  return {
    check,
    codec: firstBlock?.codec ?? null,
    dictionarySize,
    literals: firstBlock?.literals ?? null,
    blockSize: inferBlockSize(index, dictionarySize),
    order: inferOrder(entries),
    dedup: inferDedup(entries),
    mtime: inferMtime(entries),
    arch: inferArch(entries),
  };
}

/** The dictionary size in bytes that LZMA2's property byte states; null where there are other filters too. */
function dictionarySizeOf({ filters }: BlockHeader): number | null {
  const [filter] = filters;
  if (filters.length !== 1 || filter?.id !== LZMA2_FILTER_ID) return null;
  return dictionarySizeOfCode(filter.properties[0] ?? 0);
}

/** Powers of two and what lies half way between them, as people choose. */
const BLOCK_SIZES: readonly number[] = Array.from({ length: 19 }, (_, i) => 2 ** (12 + i)).flatMap(size => [
  size,
  size * 1.5,
]);

/**
 * The block size whose cut of these entries is the archive's. The cut depends on nothing but names and sizes. Where
 * several cut alike it is the dictionary size, which is the block size where nobody chose it.
 */
function inferBlockSize({ container, entries }: ArchiveIndex, dictionarySize: number | null): number | null {
  if (container.streams.length !== 1) return null;
  // The Block behind the last entry is not cut by any size.
  const sizes = container.blocks.slice(0, -1).map(block => block.uncompressedSize);
  const largest = largestOf(sizes);
  const likely = [dictionarySize ?? [], BLOCK_SIZES].flat().filter(size => size <= BLOCK_SIZE_MAX);
  return likely.find(size => size >= largest && isCutAt(size, entries, sizes)) ?? null;
}

function isCutAt(blockSize: number, entries: readonly IndexedEntry[], expected: readonly number[]): boolean {
  const splitter = new Splitter(blockSize);
  let count = 0;
  for (const entry of entries) {
    const end = entry.contentOffset + roundUpRecord(entry.size);
    for (const block of splitter.add(entry.name, end - entry.offset)) {
      if (block.size !== expected[count++]) return false;
    }
  }
  for (const block of splitter.end()) {
    if (block.size !== expected[count++]) return false;
  }
  return count === expected.length;
}

/** The first of our orders that the entries stand in. */
function inferOrder(entries: readonly IndexedEntry[]): Order | null {
  const paths = entries.map(({ name }) => name.replace(/^\.\//, ''));
  const isSorted = (keys: readonly string[]): boolean => keys.every((key, i) => i === 0 || (keys[i - 1] ?? '') <= key);
  for (const order of ['files-first', 'gnu'] as const) {
    if (isSorted(paths.map(path => SORT_KEYS[order](fromLatin1(''), fromLatin1(path))))) return order;
  }
  // Of a bundle the first component is the kernel; `./` stands alone at the front.
  const split = paths.filter(path => path !== '').map(path => /^([^/]+)\/(.*)$/s.exec(path));
  const keys = split.map(match => SORT_KEYS.versions(fromLatin1(match?.[1] ?? ''), fromLatin1(match?.[2] ?? '')));
  return split.every(match => match !== null) && isSorted(keys) ? 'versions' : null;
}

/** Hard links say yes, a content that is stored twice says no. */
function inferDedup(entries: readonly IndexedEntry[]): boolean | null {
  if (entries.some(({ typeflag }) => typeflag === '1')) return true;
  const stored = entries.filter(({ sha256, size }) => sha256 !== null && size > 0).map(({ sha256 }) => sha256);
  return new Set(stored).size < stored.length ? false : null;
}

function inferMtime(entries: readonly IndexedEntry[]): number | null {
  const [first] = entries;
  return first !== undefined && entries.every(({ mtime }) => mtime === first.mtime) ? first.mtime : null;
}

/** The one directory of `arch/` that headers lie in. */
function inferArch(entries: readonly IndexedEntry[]): string | null {
  const names = entries.flatMap(({ name }) => archOfHeader(name.replace(/^\.\//, '')) ?? []);
  const [arch = null, ...others] = new Set(names);
  return others.length === 0 ? arch : null;
}

/** The architecture that a path in a kernel tree is a header of. */
export function archOfHeader(path: string): string | null {
  return /^arch\/([^/]+)\/include\//.exec(path)?.[1] ?? null;
}
