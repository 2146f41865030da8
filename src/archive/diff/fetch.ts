import type { IndexedEntry } from '../../model/archiveIndex.js';
import { blockAt } from '../reading/blockAt.js';
import type { ArchiveInFile } from '../reading/indexArchive.js';

/**
 * The contents of some entries of an archive. Each Block that holds one of them is decoded once, and no others are.
 *
 * @param wanted what they hold in all is the caller's to bound
 */
export async function fetchContents(
  archive: ArchiveInFile,
  wanted: readonly IndexedEntry[],
): Promise<Map<IndexedEntry, Uint8Array>> {
  const contents = new Map<IndexedEntry, Uint8Array>();
  for (const group of groupedByBlock(archive, wanted)) {
    const from = group[0]?.contentOffset ?? 0;
    const to = Math.max(...group.map(endOf));
    let waiting = group.map(entry => ({ entry, bytes: new Uint8Array(entry.size) }));
    let at = from;
    for await (const piece of archive.readRange(from, to)) {
      for (const { entry, bytes } of waiting) copyPart(piece, at, bytes, entry.contentOffset);
      at += piece.length;
      for (const { entry, bytes } of waiting.filter(each => endOf(each.entry) <= at)) contents.set(entry, bytes);
      waiting = waiting.filter(each => endOf(each.entry) > at);
    }
    for (const { entry, bytes } of waiting) contents.set(entry, bytes);
  }
  return contents;
}

/** In ascending order; entries of neighbouring groups share no Block. */
function groupedByBlock(archive: ArchiveInFile, wanted: readonly IndexedEntry[]): IndexedEntry[][] {
  const sorted = [...new Set(wanted)].sort((a, b) => a.contentOffset - b.contentOffset);
  const groups: IndexedEntry[][] = [];
  const { blocks } = archive.container;
  let lastBlock = -1;
  for (const entry of sorted) {
    const first = blockAt(blocks, entry.contentOffset);
    const group = groups.at(-1);
    if (group !== undefined && first <= lastBlock) group.push(entry);
    else groups.push([entry]);
    lastBlock = Math.max(lastBlock, blockAt(blocks, Math.max(entry.contentOffset, endOf(entry) - 1)));
  }
  return groups;
}

function endOf(entry: IndexedEntry): number {
  return entry.contentOffset + entry.size;
}

/** Copies what `piece`, which lies at `pieceAt`, has of the bytes that belong at `bytesAt`. */
function copyPart(piece: Uint8Array, pieceAt: number, bytes: Uint8Array, bytesAt: number): void {
  const from = Math.max(pieceAt, bytesAt);
  const to = Math.min(pieceAt + piece.length, bytesAt + bytes.length);
  if (from < to) bytes.set(piece.subarray(from - pieceAt, to - pieceAt), from - bytesAt);
}
