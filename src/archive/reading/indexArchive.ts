import { createHash } from 'node:crypto';
import { KheadersPackError } from '../../errors.js';
import { codecByChunk } from '../../lzma/codec.js';
import type { ArchiveIndex, FirstBlock, IndexedEntry } from '../../model/archiveIndex.js';
import type { Container, ContainerBlock } from '../../model/container.js';
import { WITHOUT_CONTENT } from '../../tar/kinds.js';
import { readMembers, type TarMember } from '../../tar/readTar.js';
import { roundUp4 } from '../../xz/alignment.js';
import { requireMemory } from './memory.js';
import type { OpenArchive } from './open.js';
import { type Range, RangeHasher } from './rangeHasher.js';

/** An archive in a file, whose container is known before its contents are read. */
export type ArchiveInFile = OpenArchive & { readonly container: Container };

/** @throws KheadersPackError `E_READ` when the archive is read from a pipe: it can be read once only */
export function requireFile(archive: OpenArchive): ArchiveInFile {
  if (isFile(archive)) return archive;
  const reason = 'not a regular file (it has to be read more than once)';
  throw new KheadersPackError('E_READ', { path: archive.name, reason });
}

function isFile(archive: OpenArchive): archive is ArchiveInFile {
  return archive.container !== null;
}

/**
 * Share of the memory limit that names may take, and what links lead to: they are held for all entries, and compared in
 * more than one table.
 */
const NAMES_SHARE = 1 / 4;

/**
 * Reads an archive once from end to end and keeps what a comparison needs: memory grows with the entries, never with
 * their contents. Checks, Index and the tar's structure are verified by that.
 *
 * @param memoryLimit bytes
 * @param known another archive's, or null: of one that is the same, byte for byte, it is taken over, and nothing is decoded
 * @throws KheadersPackError `E_BAD_XZ`, `E_UNSUPPORTED_XZ`, `E_BAD_TAR`, `E_MEMORY_LIMIT`
 */
export async function indexArchive(
  archive: ArchiveInFile,
  memoryLimit: number,
  known: ArchiveIndex | null,
): Promise<ArchiveIndex> {
  const { name, container } = archive;
  const raw = new RangeHasher(container.blocks.map(rangeOfBlock));
  for await (const bytes of archive.rawRange(0, container.compressedSize)) raw.update(bytes);
  const file = raw.whole();
  if (known?.file.sha256 === file.sha256) return { ...known, name };
  const tar = new RangeHasher([]);
  const entries = await indexEntries(passedBy(archive.pass(), tar), name, memoryLimit);
  const firstBlock = await readFirstBlock(archive);
  return { name, file, container, blockDigests: raw.digests, firstBlock, tar: tar.whole(), entries };
}

/** A Block in the file with its Block Padding and Check. */
export function rangeOfBlock({ offset, unpaddedSize }: Pick<ContainerBlock, 'offset' | 'unpaddedSize'>): Range {
  return { from: offset, to: offset + roundUp4(unpaddedSize) };
}

/**
 * Reads all entries of a tar with the digests of their contents.
 *
 * @param memoryLimit bytes
 * @throws KheadersPackError `E_BAD_TAR`; `E_MEMORY_LIMIT` where names alone take too much
 */
export async function indexEntries(
  bytes: AsyncIterable<Uint8Array>,
  archiveName: string,
  memoryLimit: number,
): Promise<IndexedEntry[]> {
  const entries: IndexedEntry[] = [];
  let names = 0;
  for await (const members of readMembers(bytes, archiveName)) {
    for (const member of members) {
      names += member.entry.name.length + member.entry.linkname.length;
      requireMemory(archiveName, names / NAMES_SHARE, memoryLimit);
      const sha256 = digestOf(member);
      entries.push({ sha256: sha256 instanceof Promise ? await sha256 : sha256, ...member.entry });
    }
  }
  return entries;
}

/** A promise only where the content has to be waited for. */
function digestOf({ entry, content }: TarMember): string | null | Promise<string> {
  if (WITHOUT_CONTENT.includes(entry.typeflag)) return null;
  const ready = content.ready();
  return ready === null ? digestOfParts(content) : createHash('sha256').update(ready).digest('hex');
}

async function digestOfParts(content: AsyncIterable<Uint8Array>): Promise<string> {
  const hash = createHash('sha256');
  for await (const bytes of content) hash.update(bytes);
  return hash.digest('hex');
}

/** The same bytes, hashed on their way. */
async function* passedBy(
  bytes: AsyncIterable<Uint8Array>,
  hasher: RangeHasher,
): AsyncGenerator<Uint8Array, void, undefined> {
  for await (const piece of bytes) {
    hasher.update(piece);
    yield piece;
  }
}

/** An LZMA chunk that sets properties begins with a control byte from here on (.xz specification, section 5.3.1, and LZMA2). */
const CONTROL_WITH_PROPERTIES = 0xc0;
/** Behind the control byte and the uncompressed size; the properties follow. */
const CODED_SIZE_AT = 3;
const PROPERTIES_AT = 5;

async function readFirstBlock(archive: ArchiveInFile): Promise<FirstBlock | null> {
  const [block] = archive.container.blocks;
  if (block === undefined) return null;
  const header = await archive.blockHeader(0);
  const start = block.offset + header.size;
  const pieces: Uint8Array[] = [];
  for await (const piece of archive.rawRange(start, start + PROPERTIES_AT + 1)) pieces.push(piece);
  const chunk = Buffer.concat(pieces);
  const isSet = (chunk[0] ?? 0) >= CONTROL_WITH_PROPERTIES;
  if (!isSet || chunk.length <= PROPERTIES_AT) return { header, literals: null, codec: null };
  const literals = literalsOf(chunk.readUInt8(PROPERTIES_AT));
  return { header, literals, codec: codecByChunk(chunk.readUInt16BE(CODED_SIZE_AT) + 1) };
}

/** LZMA's property byte: (pb * 5 + lp) * 9 + lc. */
function literalsOf(properties: number): { lc: number; lp: number; pb: number } {
  const rest = Math.floor(properties / 9);
  return { lc: properties % 9, lp: rest % 5, pb: Math.floor(rest / 5) };
}
