import type { Readable } from 'node:stream';
import type { Excerpt } from '../../bytes/excerpt.js';
import { KheadersPackError } from '../../errors.js';
import type { BlockHeader, Container } from '../../model/container.js';
import type { ReadingSettings } from '../../model/reading.js';
import { ArchiveFile, BytesInMemory, openPath } from './archiveFile.js';
import { FileArchive } from './fileArchive.js';
import { PipedArchive } from './pipedArchive.js';

/** An archive while it is open. */
export interface OpenArchive {
  /** Printable, for messages. */
  readonly name: string;
  /** What its Indexes list; null when it is read from a pipe, until that has been read to its end. */
  readonly container: Container | null;
  /**
   * The Uncompressed Data in order. The Check of a Block is verified when its last piece has been read, Index and Stream
   * Footer are cross-checked at the end. Pieces may be of any size and are the caller's to keep. Once only for a readable.
   */
  read(): AsyncGenerator<Uint8Array, void, undefined>;
  /** As `read`, for who keeps nothing: when the next piece is asked for, the memory of this one is used for others. */
  pass(): AsyncGenerator<Uint8Array, void, undefined>;
  /**
   * As `pass`, for who wants to know which members there are (`countEntries`), or nothing at all: each Block is decoded and its
   * Check verified, and where it lay is used for the next one, so that threads need not wait for their reader.
   */
  skim(extent: 'members' | 'nothing'): AsyncGenerator<Excerpt, void, undefined>;
  /**
   * Uncompressed bytes from..to (exclusive), decoding only the Blocks that hold them; each piece until the next is asked for.
   * At the end their Checks hold, but that of the last one if it is too large to be decoded whole and `to` is not its end.
   * Files only.
   */
  readRange(from: number, to: number): AsyncGenerator<Uint8Array, void, undefined>;
  /** The Block's Block Header, read again from the file. Files only. */
  blockHeader(index: number): Promise<BlockHeader>;
  /** Bytes of the file itself, from..to (exclusive). Files only. */
  rawRange(from: number, to: number): AsyncGenerator<Uint8Array, void, undefined>;
}

/**
 * Opens an archive for the length of `work`. What is no regular file (a FIFO, `/dev/stdin`) is read as a pipe.
 *
 * @param piped gives what is read in a pipe's place, the same bytes
 * @throws KheadersPackError `E_READ`; `E_BAD_XZ`, `E_UNSUPPORTED_XZ` and `E_MEMORY_LIMIT`, from here for what a file's
 *   Indexes and Stream Headers say, and from reading for the rest
 */
export async function withArchive<T>(
  settings: ReadingSettings,
  work: (archive: OpenArchive) => Promise<T>,
  piped: (readable: Readable) => Readable = readable => readable,
): Promise<T> {
  const { source } = settings;
  if (settings.signal.aborted) {
    if (source.kind === 'readable') source.readable.destroy();
    throw new KheadersPackError('E_ABORTED', {});
  }
  if (source.kind === 'bytes') {
    const archive = await FileArchive.open(new BytesInMemory(source.name, source.bytes), settings);
    return closing(archive, () => work(archive));
  }
  if (source.kind === 'readable') return withReadable(settings, piped(source.readable), source.name, work);
  const { handle, stats } = await openPath(source.path, settings.signal);
  if (!stats.isFile()) return withReadable(settings, piped(handle.createReadStream()), source.path, work);
  const file = new ArchiveFile(source.path, handle, stats.size);
  try {
    const archive = await FileArchive.open(file, settings);
    return await closing(archive, () => work(archive));
  } finally {
    await file.close();
  }
}

function withReadable<T>(
  settings: ReadingSettings,
  readable: Readable,
  name: string,
  work: (archive: OpenArchive) => Promise<T>,
): Promise<T> {
  const archive = new PipedArchive(readable, name, settings);
  return closing(archive, () => work(archive));
}

/** What an archive holds while it is open: threads, or a readable. */
interface Closable {
  close(): Promise<void>;
}

async function closing<T>(archive: Closable, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } finally {
    await archive.close();
  }
}
