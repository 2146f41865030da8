import { KheadersPackError } from '../../errors.js';
import type { Container } from '../../model/container.js';
import type { TarEntry } from '../../model/tarEntry.js';
import { readTarFrom } from '../../tar/readTar.js';
import type { OpenArchive } from './open.js';

/**
 * Uncompressed bytes from..to (exclusive) of a file. When they have been read to their end, so has the Block that the
 * last of them lies in, and its Check holds.
 */
export async function* readChecked(
  archive: OpenArchive,
  from: number,
  to: number,
): AsyncGenerator<Uint8Array, void, undefined> {
  if (from === to) return;
  let at = from;
  for await (const piece of archive.readRange(from, endOfBlock(containerOf(archive), to))) {
    if (at < to) yield piece.subarray(0, to - at);
    at += piece.length;
  }
  if (at >= to) return;
  throw new KheadersPackError('E_BAD_TAR', { path: archive.name, offset: at, reason: 'it ends early' });
}

/**
 * The first entry in uncompressed bytes from..to (exclusive) of a file that is looked for. When it is given, the Blocks of
 * all entries up to it have been read to their ends, and their Checks hold. Null where there is none, or bytes that begin
 * or end inside an entry.
 */
export async function findEntry(
  archive: OpenArchive,
  from: number,
  to: number,
  isLookedFor: (entry: TarEntry) => boolean,
): Promise<TarEntry | null> {
  const bytes = archive.readRange(from, to);
  const read = { to: from };
  try {
    for await (const { entry } of readTarFrom(leftOpen(bytes, read), from, archive.name)) {
      if (!isLookedFor(entry)) continue;
      const end = endOfBlock(containerOf(archive), entry.contentOffset);
      // Behind the last byte of a Block its Check is compared.
      for await (const piece of leftOpen(bytes, read)) if (read.to - piece.length >= end) break;
      return entry;
    }
  } catch (error) {
    if (!(error instanceof KheadersPackError && error.code === 'E_BAD_TAR')) throw error;
  } finally {
    await bytes.return();
  }
  return null;
}

/** The bytes, for whoever may stop and let another read on. @param read told how far they have been read */
async function* leftOpen(
  bytes: AsyncGenerator<Uint8Array, void, undefined>,
  read: { to: number },
): AsyncGenerator<Uint8Array, void, undefined> {
  for (let next = await bytes.next(); !next.done; next = await bytes.next()) {
    read.to += next.value.length;
    yield next.value;
  }
}

/**
 * What an archive's Indexes list, where that is known: of a file, and of a pipe that was read to its end.
 *
 * @throws TypeError for a pipe before, which callers have ruled out
 */
export function containerOf(archive: OpenArchive): Container {
  if (archive.container !== null) return archive.container;
  throw new TypeError(`Neither a file, nor read to its end: ${archive.name}`);
}

/** Where the Block ends that holds the byte before `offset`. */
function endOfBlock(container: Container, offset: number): number {
  const block = container.blocks.find(each => each.uncompressedOffset + each.uncompressedSize >= offset);
  return block === undefined ? container.uncompressedSize : block.uncompressedOffset + block.uncompressedSize;
}
