import { stat } from 'node:fs/promises';
import {
  ArchiveFile,
  BytesInMemory,
  openPath,
  type RandomAccess,
  readError,
  readWithin,
} from '../archive/reading/archiveFile.js';
import { withArchive } from '../archive/reading/open.js';
import { KheadersPackError } from '../errors.js';
import type { FoundArchive } from '../model/foundArchive.js';
import type { ReadingSettings } from '../model/reading.js';
import { gatherEnvironment } from '../settings/environment.js';
import { requireKind, requireKinds, TEXT } from '../settings/kinds.js';
import { DECODING_KINDS, type ReadingOptions, resolveReading } from '../settings/reading.js';
import { hasHeaderMagic, STREAM_HEADER_SIZE } from '../xz/streamHeader.js';
import { BOOT_HEADER_SIZE, payloadOf, withoutAppendedSize } from './bootImage.js';
import { compressionOf, decompress, unsupportedCompression } from './compressed.js';
import { isElf, symbolOffsets } from './elf.js';
import { findPatterns } from './patternScan.js';
import { cutStream, FOOTER_PATTERN, findStreams, isArchive, isFooterBefore, isHeaderAt } from './streams.js';

/** The first proposal put the archive between these. */
const START_MARKER = Buffer.from('IKHD_ST');
const END_MARKER = Buffer.from('IKHD_ED');
const PATTERNS = [
  { bytes: START_MARKER, isWanted: (window: Buffer, at: number) => isHeaderAt(window, at + START_MARKER.length) },
  { bytes: END_MARKER, isWanted: isFooterBefore },
  FOOTER_PATTERN,
];
/** Today's kernels put it between these symbols (kernel/kheaders.c). */
const SYMBOLS = ['kernel_headers_data', 'kernel_headers_data_end'] as const;

/** An image is compressed at most so many times: a module once, a kernel once in a bzImage that is compressed itself. */
const LAYERS_MAX = 3;

/** A file, or what was in a compressed one, and how it came out of it. */
interface Layer {
  readonly file: RandomAccess;
  readonly within: readonly string[];
}

/**
 * Cuts an archive of headers out of a kernel image, a module or any other file: between the markers IKHD_ST and IKHD_ED,
 * else between the symbols kernel_headers_data and kernel_headers_data_end, else where an .xz Stream holds one that is not
 * the end of the file, as a damaged archive has it. Images
 * compressed with gzip, xz or zstd are decompressed first, in memory.
 *
 * What is found can be given to `list`, `extract`, `verify` and others in an archive's place.
 *
 * @param path of a regular file
 * @returns null for a file that is no image: an archive itself, or anything else that holds none
 * @throws KheadersPackError `E_READ`; `E_MEMORY_LIMIT`; `E_IMAGE` for an image that holds no archive, is damaged, or
 *   compressed in another way
 */
export async function findArchive(
  path: string,
  options: Omit<ReadingOptions, 'archive'> = {},
): Promise<FoundArchive | null> {
  requireKind('path', path, TEXT);
  requireKinds(options, DECODING_KINDS);
  return findArchiveWith(path, resolveReading({ ...options, archive: path }, gatherEnvironment()));
}

/** @param reading how archives are read, whatever its source */
async function findArchiveWith(path: string, reading: ReadingSettings): Promise<FoundArchive | null> {
  // A FIFO that is opened and closed again has lost its writer.
  if (!(await isRegular(path))) return null;
  const { handle, stats } = await openPath(path, reading.signal);
  const file = new ArchiveFile(path, handle, stats.size);
  try {
    if (await isPlainArchive(file, reading)) return null;
    return await findIn({ file, within: [] }, reading);
  } finally {
    await file.close();
  }
}

async function isRegular(path: string): Promise<boolean> {
  try {
    return (await stat(path)).isFile();
  } catch (error) {
    throw readError(path, error);
  }
}

async function findIn(layer: Layer, reading: ReadingSettings): Promise<FoundArchive | null> {
  const { file, within } = layer;
  const head = await file.read(0, Math.min(file.size, BOOT_HEADER_SIZE));
  const mayBeDeeper = within.length < LAYERS_MAX;
  const payload = mayBeDeeper ? await payloadOf(file) : null;
  if (payload !== null) {
    const data = await readWithin(file, payload.offset, payload.offset + payload.size, reading.memoryLimit);
    return findIn(await payloadLayer(layer, data, payload.offset, reading), reading);
  }
  const compression = mayBeDeeper ? compressionOf(head) : null;
  if (compression !== null) {
    const data = await readWithin(file, 0, file.size, reading.memoryLimit);
    const bytes = await decompress(compression, data, file.path, reading);
    return findIn({ file: new BytesInMemory(file.path, bytes), within: [...within, compression] }, reading);
  }
  const found = await search(layer, within.length === 0 && !isElf(head), reading);
  if (found !== null || !isElf(head)) return found;
  const reason = 'it holds no archive of headers (its kernel was built without CONFIG_IKHEADERS=y)';
  throw new KheadersPackError('E_IMAGE', { path: file.path, reason });
}

/** The kernel in a bzImage. */
async function payloadLayer(
  { file, within }: Layer,
  data: Uint8Array,
  offset: number,
  reading: ReadingSettings,
): Promise<Layer> {
  const compression = compressionOf(data);
  if (compression === null) {
    const name = unsupportedCompression(data) ?? 'an unknown way';
    const reason = `its kernel is compressed with ${name}, which cannot be undone here`;
    throw new KheadersPackError('E_IMAGE', { path: file.path, reason });
  }
  const bytes = await decompress(compression, withoutAppendedSize(data, compression === 'gzip'), file.path, reading);
  const how = `${compression} payload at byte ${offset}`;
  return { file: new BytesInMemory(file.path, bytes), within: [...within, how] };
}

/** @param mayBeArchive it may be a damaged archive itself */
async function search(
  { file, within }: Layer,
  mayBeArchive: boolean,
  reading: ReadingSettings,
): Promise<FoundArchive | null> {
  const [starts = [], ends = [], footers = []] = await findPatterns(file, PATTERNS);
  const streams = await findStreams(file, footers, reading.memoryLimit);
  const found = betweenMarkers(starts, ends, streams) ?? (await betweenSymbols(file, reading));
  if (found !== null) {
    const { by, from, to } = found;
    const bytes = await readWithin(file, from, to, reading.memoryLimit);
    return { name: file.path, bytes, by, offset: from, within };
  }
  const cut = await cutStream(file, streams, reading);
  // What ends as an archive does is one that is damaged before, or has bytes before it that do not belong there.
  if (cut === null || (mayBeArchive && reachesEnd(cut.offset, streams, file.size))) return null;
  return { name: file.path, bytes: cut.bytes, by: 'scan', offset: cut.offset, within };
}

/** Whether nothing but Streams follows to the end of the file. */
function reachesEnd(offset: number, streams: ReadonlyMap<number, number>, size: number): boolean {
  let at = offset;
  for (let end = streams.get(at); end !== undefined; end = streams.get(at)) at = end;
  return at === size;
}

/** Where an archive lies in a file. */
interface Range {
  readonly by: FoundArchive['by'];
  readonly from: number;
  readonly to: number;
}

/** Streams that follow each other from a start marker to an end marker. The markers' own bytes may stand in them. */
function betweenMarkers(
  starts: readonly number[],
  ends: readonly number[],
  streams: ReadonlyMap<number, number>,
): Range | null {
  const isEnd = new Set(ends);
  for (const start of starts) {
    const from = start + START_MARKER.length;
    for (let to = streams.get(from); to !== undefined; to = streams.get(to)) {
      if (isEnd.has(to)) return { by: 'markers', from, to };
    }
  }
  return null;
}

async function betweenSymbols(file: RandomAccess, reading: ReadingSettings): Promise<Range | null> {
  const [from = null, to = null] = await symbolOffsets(file, SYMBOLS);
  if (from === null || to === null || from < 0 || to <= from || to > file.size) return null;
  const bytes = await readWithin(file, from, to, reading.memoryLimit);
  return (await isArchive(bytes, file.path, reading)) ? { by: 'symbols', from, to } : null;
}

/**
 * Whether the file is an archive and not an image that is compressed as one (a module named .ko.xz). One that is damaged
 * counts as an archive: its reader says what is wrong.
 */
async function isPlainArchive(file: RandomAccess, reading: ReadingSettings): Promise<boolean> {
  if (file.path.endsWith('.tar.xz')) return true;
  const head = await file.read(0, Math.min(file.size, STREAM_HEADER_SIZE));
  if (!hasHeaderMagic(head)) return false;
  // One piece is wanted: no thread is to decode others meanwhile, or to be taken from who reads it all.
  const settings = {
    ...reading,
    jobs: 1,
    onNotice: () => undefined,
    source: { kind: 'file', path: file.path } as const,
  };
  return withArchive(settings, async archive => {
    for await (const piece of archive.read()) return !isElf(piece);
    return true;
  }).catch(() => true);
}
