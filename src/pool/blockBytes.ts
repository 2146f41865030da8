import { layOut } from '../bytes/pieces.js';
import { metadataOf } from '../plan/plan.js';
import { entryHeaderSize, entrySize, writeEntryHeaders } from '../tar/entryHeader.js';
import { ContentReader } from './content.js';
import type { BlockInput, EntriesInput } from './protocol.js';
import type { Stopwatch } from './stopwatch.js';
import type { Workspace } from './workspace.js';

/** The Uncompressed Data of a Block. It may lie in the workspace. */
export function blockBytes(input: BlockInput, workspace: Workspace, stopwatch: Stopwatch): Uint8Array {
  switch (input.kind) {
    case 'bytes':
      return layOut(input.pieces, workspace.blockRoom(input.size));
    case 'zeros':
      return workspace.blockRoom(input.size);
    case 'entries':
      return writeEntries(workspace.blockRoom(input.block.size), input, workspace, stopwatch);
  }
}

/**
 * Writes the tar bytes of a planned Block, or a part of one, into `bytes`, which are all zero. The first entry may begin
 * before it (`skip`), and the last may end behind it.
 */
export function writeEntries(
  bytes: Uint8Array,
  { block, entries, mtime }: EntriesInput,
  workspace: Workspace,
  stopwatch: Stopwatch,
): Uint8Array {
  const reader = new ContentReader(workspace, stopwatch);
  let at = -block.skip;
  for (const entry of entries) {
    const metadata = metadataOf(entry, mtime);
    const headers = Buffer.alloc(entryHeaderSize(metadata));
    stopwatch.time('tar', () => {
      writeEntryHeaders(metadata, headers, 0);
      placeWithin(bytes, headers, at);
    });
    if (entry.kind === 'regular') {
      const content = reader.readPlanned(entry.source, entry.size);
      stopwatch.time('tar', () => placeWithin(bytes, content, at + headers.length));
    }
    at += entrySize(metadata);
  }
  return bytes;
}

/** Copies the part of `piece` that falls inside `bytes` when it is laid at `at`, which may be negative. */
function placeWithin(bytes: Uint8Array, piece: Uint8Array, at: number): void {
  const from = Math.max(0, -at);
  const to = Math.min(piece.length, bytes.length - at);
  if (from < to) bytes.set(piece.subarray(from, to), at + from);
}
