import { PackCache } from '../../cache/packCache.js';
import { mapOrdered } from '../../flow/mapOrdered.js';
import type { ArchiveIndex } from '../../model/archiveIndex.js';
import type { Plan } from '../../model/plan.js';
import type { ContentSettings, RunSettings } from '../../model/settings.js';
import type { WorkerPool } from '../../pool/pool.js';
import type { EncodedBlock } from '../../xz/block.js';
import { BLOCKS_PER_JOB, compressPlan } from '../compress.js';
import { BlockRecorder } from '../manifest/blockRecorder.js';
import { plannedInputs } from '../outline.js';
import type { ArchiveInFile } from '../reading/indexArchive.js';
import { RangeHasher } from '../reading/rangeHasher.js';
import type { Settled } from '../settle.js';
import type { Sink } from '../sink.js';
import { writeStream } from '../write.js';

/** How what a plan compresses to compares with an archive. */
export interface Compressed {
  readonly isSame: boolean;
  /** Blocks of the archive, counted from 1, that were not remade. */
  readonly differing: readonly number[];
  readonly stopped: boolean;
}

const NOWHERE: Sink = {
  write: async () => undefined,
  seal: async () => undefined,
  place: () => ({ undo: () => undefined, settle: async () => undefined }),
  discard: async () => undefined,
};

/** Compresses a plan Block by Block, and keeps the digests alone. `first` stops at the first Block that differs. */
export async function compressAndCompare(
  settled: Settled,
  content: ContentSettings,
  run: RunSettings,
  first: boolean,
  index: ArchiveIndex,
  pool: WorkerPool,
): Promise<Compressed> {
  const recorder = new BlockRecorder();
  const isAsBefore = (): boolean => {
    const count = recorder.blocks.length;
    return recorder.blocks[count - 1]?.sha256 === index.blockDigests[count - 1];
  };
  let stopped = false;
  const blocks = async function* (): AsyncGenerator<EncodedBlock, void, undefined> {
    for await (const block of recorder.record(compressPlan(settled, content, run, pool, PackCache.none().blocks))) {
      stopped = first && !isAsBefore();
      if (stopped) return;
      yield block;
    }
  };
  const written = await writeStream(blocks(), content.encoding.check, NOWHERE);
  if (stopped) return { isSame: false, differing: [recorder.blocks.length], stopped };
  const made = new Set(recorder.blocks.map(({ sha256 }) => sha256));
  const differing = index.blockDigests.flatMap((digest, i) => (made.has(digest) ? [] : [i + 1]));
  return { isSame: written.digest === index.file.sha256, differing, stopped };
}

/** Where the bytes of the tars differ though no entry does: header fields that nobody reads, or padding. */
export async function tarFindings(
  archive: ArchiveInFile,
  index: ArchiveIndex,
  plan: Plan,
  pool: WorkerPool,
): Promise<string[]> {
  if (index.tar.size !== plan.tarSize) {
    return [
      `the size of the tar: ${index.tar.size} in the archive, ${plan.tarSize} in the rebuild, though no entry differs`,
    ];
  }
  let end = 0;
  const ranges = [...plan.blocks.map(({ size }) => size), plan.endSize].map(size => {
    const from = end;
    end += size;
    return { from, to: end };
  });
  const found = new RangeHasher(ranges);
  for await (const bytes of archive.pass()) found.update(bytes);
  const made = mapOrdered(plannedInputs(plan), pool.jobs * BLOCKS_PER_JOB, input =>
    pool.digestBlock({ kind: 'digestBlock', input }),
  );
  let at = 0;
  for await (const digest of made) {
    const range = ranges[at];
    if (digest !== found.digests[at]) {
      return [`the tar differs between its bytes ${range?.from} and ${range?.to}, in what no entry says`];
    }
    at++;
  }
  return [];
}
