import type { ArchiveIndex } from '../../model/archiveIndex.js';
import type { BlockHeader } from '../../model/container.js';
import type { ContainerDifference, SettingChange } from '../../model/diffReport.js';
import { LZMA2_FILTER_ID } from '../../xz/lzma2Filter.js';

/** How two containers differ, whatever is inside. */
export function compareContainers(a: ArchiveIndex, b: ArchiveIndex): ContainerDifference {
  const [before, after] = [described(a), described(b)];
  const changes: SettingChange[] = Object.entries(before).flatMap(([setting, from]) => {
    const to = after[setting] ?? '';
    return from === to ? [] : [{ setting, from, to }];
  });
  return { changes, blocksOnlyInA: onlyIn(a, b), blocksOnlyInB: onlyIn(b, a) };
}

function described({ container, firstBlock }: ArchiveIndex): Record<string, string> {
  const { streams, blocks } = container;
  return {
    Streams: String(streams.length),
    'Stream Padding': String(streams.reduce((sum, { padding }) => sum + padding, 0)),
    Blocks: String(blocks.length),
    'Check IDs': [...new Set(streams.map(({ checkId }) => `0x${checkId.toString(16).padStart(2, '0')}`))].join(' '),
    'sizes in the Block Headers': firstBlock === null ? 'none' : sizesIn(firstBlock.header),
    filters: firstBlock === null ? 'none' : firstBlock.header.filters.map(filterText).join(' '),
  };
}

function sizesIn({ compressedSize, uncompressedSize }: BlockHeader): string {
  if (compressedSize !== null && uncompressedSize !== null) return 'both';
  return compressedSize === null && uncompressedSize === null ? 'none' : 'one';
}

function filterText({ id, properties }: BlockHeader['filters'][number]): string {
  const name = id === LZMA2_FILTER_ID ? 'LZMA2' : `0x${id.toString(16).padStart(2, '0')}`;
  return properties.length === 0 ? name : `${name}:${Buffer.from(properties).toString('hex')}`;
}

/** Blocks of one archive, counted from 1, that the other does not have; equal Blocks are paired one to one. */
function onlyIn(archive: ArchiveIndex, other: ArchiveIndex): number[] {
  const left = new Map<string, number>();
  for (const digest of other.blockDigests) left.set(digest, (left.get(digest) ?? 0) + 1);
  return archive.blockDigests.flatMap((digest, i) => {
    const count = left.get(digest) ?? 0;
    left.set(digest, count - 1);
    return count > 0 ? [] : [i + 1];
  });
}
