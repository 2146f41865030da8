import { type RandomAccess, readWithin } from '../archive/reading/archiveFile.js';
import { withArchive } from '../archive/reading/open.js';
import { streamThatEnds } from '../archive/reading/scanContainer.js';
import { type ErrorCode, KheadersPackError } from '../errors.js';
import type { ReadingSettings } from '../model/reading.js';
import { readTar } from '../tar/readTar.js';
import {
  decodeStreamFooter,
  decodeStreamHeader,
  isStreamFooter,
  STREAM_FOOTER_SIZE,
  STREAM_HEADER_SIZE,
} from '../xz/streamHeader.js';

const FOOTER_MAGIC = Buffer.from('YZ');

/** Entries to look at: every archive of headers has come to `include/` by then. */
const ENTRIES_LOOKED_AT = 4096;

/**
 * Bytes of Indexes, and of contents, that are looked at in a whole file, and the least that one look counts for: a file
 * made of nothing but Footers, or of Streams that hold gigabytes, costs seconds and not days.
 */
const LOOKED_AT_MAX = 2 ** 30;
const LOOK_MIN = 2 ** 16;

/** A Stream Footer, by its last bytes. Its CRC32 tells it from other places where they stand. */
export const FOOTER_PATTERN = {
  bytes: FOOTER_MAGIC,
  isWanted: (window: Buffer, at: number) => isFooterBefore(window, at + FOOTER_MAGIC.length),
};

export function isFooterBefore(window: Buffer, end: number): boolean {
  return isStreamFooter(window.subarray(Math.max(0, end - STREAM_FOOTER_SIZE), end));
}

export function isHeaderAt(window: Buffer, at: number): boolean {
  const header = window.subarray(at, at + STREAM_HEADER_SIZE);
  return header.length === STREAM_HEADER_SIZE && attempt(() => decodeStreamHeader(header, NOWHERE)) !== null;
}

/**
 * The Streams of a file: where each begins, and where it ends. A Stream is found from its end: the Footer says where its
 * Index begins, and that where the Stream does; all three have to agree.
 *
 * @param footers where the magic bytes of Stream Footers are, in order
 */
export async function findStreams(
  file: RandomAccess,
  footers: readonly number[],
  memoryLimit: number,
): Promise<Map<number, number>> {
  const streams = new Map<number, number>();
  let left = LOOKED_AT_MAX;
  for (const magic of footers) {
    const end = magic + FOOTER_MAGIC.length;
    const footer = footerIn(await file.read(end - STREAM_FOOTER_SIZE, end));
    left -= Math.max(LOOK_MIN, footer?.backwardSize ?? 0);
    if (left < 0) break;
    const stream = await streamThatEnds(file, end, memoryLimit).catch(onlyUnfit(null));
    if (stream !== null && !streams.has(stream.offset)) streams.set(stream.offset, end);
  }
  return streams;
}

/** Cuts the first Stream with an archive of headers out of a file. */
export async function cutStream(
  file: RandomAccess,
  streams: ReadonlyMap<number, number>,
  reading: ReadingSettings,
): Promise<{ offset: number; bytes: Uint8Array } | null> {
  let left = LOOKED_AT_MAX;
  for (const [offset, end] of [...streams].sort(([a], [b]) => a - b)) {
    const bytes = await readWithin(file, offset, end, reading.memoryLimit).catch(onlyUnfit(null));
    if (bytes === null) continue;
    const look = await lookInto(bytes, file.path, reading, left);
    if (look.hasHeaders) return { offset, bytes };
    left -= Math.max(LOOK_MIN, bytes.length, look.size);
    if (left < 0) return null;
  }
  return null;
}

/** Whether the bytes are an .xz file by their Indexes. */
export async function isArchive(bytes: Uint8Array, name: string, reading: ReadingSettings): Promise<boolean> {
  return withArchive(quietly(bytes, name, reading), async () => true).catch(onlyUnfit(false));
}

/** Whether the contents are a tar with headers below an `include` directory, and how many bytes of them were looked at. */
async function lookInto(
  bytes: Uint8Array,
  name: string,
  reading: ReadingSettings,
  sizeMax: number,
): Promise<{ hasHeaders: boolean; size: number }> {
  let size = 0;
  const contents = async function* (pieces: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array, void, undefined> {
    for await (const piece of pieces) {
      size += piece.length;
      if (size > sizeMax) return;
      yield piece;
    }
  };
  const hasHeaders = await withArchive(quietly(bytes, name, reading), async archive => {
    let looked = 0;
    for await (const { entry } of readTar(contents(archive.read()), name)) {
      if (entry.name.endsWith('.h') && /(?:^|\/)include\//.test(entry.name)) return true;
      if (++looked === ENTRIES_LOOKED_AT) return false;
    }
    return false;
  }).catch(onlyUnfit(false));
  return { hasHeaders, size };
}

/** What is looked at need not be an archive, or one that we can read; what keeps us from looking is an error all the same. */
const UNFIT: readonly ErrorCode[] = ['E_BAD_XZ', 'E_UNSUPPORTED_XZ', 'E_BAD_TAR', 'E_MEMORY_LIMIT'];

function onlyUnfit<T>(answer: T): (error: unknown) => T {
  return error => {
    if (error instanceof KheadersPackError && UNFIT.includes(error.code)) return answer;
    throw error;
  };
}

function quietly(bytes: Uint8Array, name: string, reading: ReadingSettings): ReadingSettings {
  return { ...reading, onNotice: () => undefined, source: { kind: 'bytes', bytes, name } };
}

/** What is looked at may be no Stream at all, so nobody is told where it is wrong. */
const NOWHERE = { path: '', offset: 0 };

function footerIn(bytes: Uint8Array): ReturnType<typeof decodeStreamFooter> | null {
  return attempt(() => decodeStreamFooter(bytes, NOWHERE));
}

function attempt<T>(work: () => T): T | null {
  try {
    return work();
  } catch {
    return null;
  }
}
