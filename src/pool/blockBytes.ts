import type { PlannedBlock, PlannedEntry } from '../model/plan.js';
import { metadataOf } from '../plan/plan.js';
import { type EntryMetadata, entryHeaderSize, entrySize, writeEntryHeaders } from '../tar/entryHeader.js';
import { readPlannedContent } from './content.js';
import type { BlockInput } from './protocol.js';
import type { Stopwatch } from './stopwatch.js';

/** The Uncompressed Data of a Block. */
export function blockBytes(input: BlockInput, stopwatch: Stopwatch): Uint8Array {
  switch (input.kind) {
    case 'bytes':
      return input.bytes;
    case 'zeros':
      return new Uint8Array(input.size);
    case 'entries':
      return plannedBytes(input.block, input.entries, input.mtime, stopwatch);
  }
}

/**
 * The tar bytes of a planned Block. Only the first entry can begin before the Block (`skip`), and only the last can end
 * behind it; such a cut entry is made whole on the side and the Block's part of it taken.
 */
function plannedBytes(
  block: PlannedBlock,
  entries: readonly PlannedEntry[],
  mtime: number,
  stopwatch: Stopwatch,
): Uint8Array {
  const bytes = Buffer.alloc(block.size);
  let at = -block.skip;
  for (const entry of entries) {
    const metadata = metadataOf(entry, mtime);
    const size = entrySize(metadata);
    if (at >= 0 && at + size <= block.size) {
      writeEntry(entry, metadata, bytes, at, stopwatch);
    } else {
      const whole = Buffer.alloc(size);
      writeEntry(entry, metadata, whole, 0, stopwatch);
      whole.copy(bytes, Math.max(0, at), Math.max(0, -at), Math.min(size, block.size - at));
    }
    at += size;
  }
  return bytes;
}

function writeEntry(
  entry: PlannedEntry,
  metadata: EntryMetadata,
  bytes: Buffer,
  at: number,
  stopwatch: Stopwatch,
): void {
  stopwatch.time('tar', () => writeEntryHeaders(metadata, bytes, at));
  if (entry.kind !== 'regular') return;
  const content = readPlannedContent(entry.source, entry.size, stopwatch);
  stopwatch.time('tar', () => bytes.set(content, at + entryHeaderSize(metadata)));
}
