import { printable } from '../bytes/bytePath.js';
import type { BlockCache } from '../cache/blockCache.js';
import type { OutlinedBlock, Plan, PlannedBlock, PlannedEntry, PlanOutline } from '../model/plan.js';
import type { EncodingSettings } from '../model/settings.js';
import type { FileCounts } from '../model/summary.js';
import type { ReadFile } from '../plan/entries.js';
import type { BlockInput } from '../pool/protocol.js';

/** What a plan comes to, with the keys of its Blocks. */
export function outlineOf(
  plan: Plan,
  files: readonly ReadFile[],
  encoding: EncodingSettings,
  cache: BlockCache,
): PlanOutline {
  const inputs = plannedInputs(plan);
  const stored = plan.entries.map(storedSize);
  const raw = files.reduce((sum, file) => sum + (file.digested?.rawSize ?? 0), 0);
  const stripped = files.reduce((sum, file) => sum + (file.digested?.size ?? 0), 0);
  return {
    files: countsOf(plan),
    bytes: { raw, stripped, deduplicated: stripped - stored.reduce((sum, size) => sum + size, 0), tar: plan.tarSize },
    largestFile: stored.reduce((largest, size) => Math.max(largest, size), 0),
    blocks: inputs.map(input => outlined(input, encoding, cache)),
  };
}

/** A Block by the key that it is kept under. */
export function outlined(input: BlockInput, encoding: EncodingSettings, cache: BlockCache): OutlinedBlock {
  return { key: cache.keyOf(input, encoding), size: sizeOf(input), first: firstOf(input) };
}

/** The Blocks of a plan as the workers' input, in order. The zeros that end a tar are a Block of their own. */
export function plannedInputs(plan: Plan): BlockInput[] {
  const { entries, mtime } = plan;
  const blocks = plan.blocks.map(block => entriesInput(block, entries.slice(block.first, block.end), mtime));
  return [...blocks, { kind: 'zeros', size: plan.endSize }];
}

export function entriesInput(block: PlannedBlock, entries: readonly PlannedEntry[], mtime: number): BlockInput {
  return { kind: 'entries', block, entries, mtime };
}

function countsOf(plan: Plan): FileCounts {
  const count = (kind: string): number => plan.entries.filter(entry => entry.kind === kind).length;
  return {
    entries: plan.entries.length,
    regular: count('regular'),
    hardLinks: count('hardlink'),
    symbolicLinks: count('symlink'),
    directories: count('directory'),
  };
}

function storedSize(entry: PlannedEntry): number {
  return entry.kind === 'regular' ? entry.size : 0;
}

/** Bytes of the Uncompressed Data. */
export function sizeOf(input: BlockInput): number {
  switch (input.kind) {
    case 'bytes':
    case 'zeros':
      return input.size;
    case 'entries':
      return input.block.size;
  }
}

/** The member that a Block begins with; null where it has none, or is not known to. */
function firstOf(input: BlockInput): string | null {
  const first = input.kind === 'entries' ? input.entries[0] : undefined;
  return first === undefined ? null : printable(first.name);
}
