import type { RandomAccess } from '../archive/reading/archiveFile.js';
import { withArchive } from '../archive/reading/open.js';
import type { ReadingSettings } from '../model/reading.js';
import { readTar } from '../tar/readTar.js';
import { decodeStreamFooter, decodeStreamHeader, STREAM_FOOTER_SIZE, STREAM_HEADER_SIZE } from '../xz/streamHeader.js';

export const HEADER_MAGIC = Buffer.from([0xfd, 0x37, 0x7a, 0x58, 0x5a, 0x00]);
export const FOOTER_MAGIC = Buffer.from('YZ');

/** Entries to look at: every archive of headers has come to `include/` by then. */
const ENTRIES_LOOKED_AT = 4096;

/**
 * Cuts the first .xz Stream with an archive of headers out of a file. A Stream ends with a Footer that fits its Header and
 * whose Index fits both; whether that is so, the reader of archives finds out.
 *
 * @param headers where the magic bytes of a Stream Header are
 * @param footers where those of a Stream Footer are, in order
 */
export async function cutStream(
  file: RandomAccess,
  headers: readonly number[],
  footers: readonly number[],
  reading: ReadingSettings,
): Promise<{ offset: number; bytes: Uint8Array } | null> {
  for (const offset of headers) {
    const bytes = await streamAt(file, offset, footers, reading);
    if (bytes !== null && (await holdsHeaders(bytes, file.path, reading))) return { offset, bytes };
  }
  return null;
}

async function streamAt(
  file: RandomAccess,
  offset: number,
  footers: readonly number[],
  reading: ReadingSettings,
): Promise<Uint8Array | null> {
  if (offset + STREAM_HEADER_SIZE > file.size) return null;
  const place = { path: file.path, offset };
  const header = await file.read(offset, offset + STREAM_HEADER_SIZE);
  const checkId = attempt(() => decodeStreamHeader(header, place));
  if (checkId === null) return null;
  for (const magic of footers) {
    const end = magic + FOOTER_MAGIC.length;
    if (end - offset < STREAM_HEADER_SIZE + STREAM_FOOTER_SIZE || (end - offset) % 4 !== 0) continue;
    const footer = await file.read(end - STREAM_FOOTER_SIZE, end);
    const found = attempt(() => decodeStreamFooter(footer, place));
    if (found?.checkId !== checkId || found.backwardSize > end - offset) continue;
    const bytes = await file.read(offset, end);
    if (await isArchive(bytes, file.path, reading)) return bytes;
  }
  return null;
}

/** Whether the bytes are an .xz file by their Indexes. */
export async function isArchive(bytes: Uint8Array, name: string, reading: ReadingSettings): Promise<boolean> {
  const settings = { ...reading, onNotice: () => undefined, source: { kind: 'bytes', bytes, name } as const };
  return withArchive(settings, async () => true).catch(() => false);
}

/** Whether the contents are a tar with headers below an `include` directory. */
async function holdsHeaders(bytes: Uint8Array, name: string, reading: ReadingSettings): Promise<boolean> {
  const settings = { ...reading, onNotice: () => undefined, source: { kind: 'bytes', bytes, name } as const };
  return withArchive(settings, async archive => {
    let looked = 0;
    for await (const { entry } of readTar(archive.read(), name)) {
      if (/(?:^|\/)include\/.*\.h$/.test(entry.name)) return true;
      if (++looked === ENTRIES_LOOKED_AT) return false;
    }
    return false;
  }).catch(() => false);
}

function attempt<T>(work: () => T): T | null {
  try {
    return work();
  } catch {
    return null;
  }
}
