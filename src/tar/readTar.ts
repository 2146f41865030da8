import { ByteCursor } from '../bytes/byteCursor.js';
import { printable } from '../bytes/bytePath.js';
import { KheadersPackError } from '../errors.js';
import type { TarEntry } from '../model/tarEntry.js';
import { EntryDecoder } from './entryDecoder.js';
import { roundUpRecord } from './entryHeader.js';
import { TarFault } from './fault.js';

/** Bytes that are read behind a fault, if there are so many: to the end of a Block, say. */
const READ_AFTER_FAULT = 2 ** 25;

/** An entry with its content, which has to be read, if at all, before the next entry is asked for. */
export interface TarMember {
  readonly entry: TarEntry;
  readonly content: MemberContent;
}

/** Views of the bytes that were given, in pieces as they came; once only. */
export interface MemberContent extends AsyncIterable<Uint8Array> {
  /** All of it, where it is there in one piece, as most are; null where it has to be waited for. */
  ready(): Uint8Array | null;
}

/**
 * Reads the entries of a tar (which formats and typeflags: `EntryDecoder`). Contents are passed on or passed over,
 * never copied, and nothing is held but one header.
 *
 * The tar has to end with two records of zeros, behind which only zeros may follow: one that was cut between two
 * entries is a fault, though GNU tar takes it without a word, and so are bytes that another reader might take for
 * entries. Both are told when all that is there has been read. Bytes are read to their end, so that whoever makes them
 * checks them to theirs.
 *
 * @param archiveName for messages
 * @throws KheadersPackError `E_BAD_TAR` naming archive and tar offset
 */
export function readTar(
  bytes: AsyncIterable<Uint8Array>,
  archiveName: string,
): AsyncGenerator<TarMember, void, undefined> {
  return readTarFrom(bytes, 0, archiveName);
}

/** As `readTar`, for bytes that begin with an entry at byte `offset` of the tar. */
export async function* readTarFrom(
  bytes: AsyncIterable<Uint8Array>,
  offset: number,
  archiveName: string,
): AsyncGenerator<TarMember, void, undefined> {
  const cursor = new ByteCursor(bytes);
  const decoder = new EntryDecoder(offset);
  try {
    for (;;) {
      const start = decoder.offset;
      const given = cursor.ready(decoder.wanted) ?? (await cursor.take(decoder.wanted));
      if (given.length < decoder.wanted) throw cutShort(start, given.length, null);
      const decoded = decoder.accept(given);
      if (decoded === 'end') break;
      if (decoded === 'more') continue;
      const content = new Content(decoded, cursor, archiveName);
      yield { entry: decoded, content };
      if (!content.skipReady()) await content.skip();
    }
    await requireZeros(cursor, decoder.offset);
  } catch (error) {
    // Where the bytes are damaged, whoever makes them knows when they have been read, and that is the cause.
    if (error instanceof TarFault) await cursor.skip(READ_AFTER_FAULT);
    throw badTar(archiveName, error);
  } finally {
    await cursor.close();
  }
}

class Content implements MemberContent {
  readonly #entry: TarEntry;
  readonly #cursor: ByteCursor;
  readonly #archiveName: string;
  readonly #padding: number;
  /** Bytes that nobody has read. */
  #left: number;

  constructor(entry: TarEntry, cursor: ByteCursor, archiveName: string) {
    this.#entry = entry;
    this.#cursor = cursor;
    this.#archiveName = archiveName;
    this.#padding = roundUpRecord(entry.size) - entry.size;
    this.#left = entry.size;
  }

  ready(): Uint8Array | null {
    const content = this.#cursor.ready(this.#left);
    if (content !== null) this.#left = 0;
    return content;
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<Uint8Array, void, undefined> {
    while (this.#left > 0) {
      const part = await this.#cursor.some(this.#left);
      // Whoever reads the content is told here, and not by the reader of entries.
      if (part === null) throw badTar(this.#archiveName, this.#cutShort());
      this.#left -= part.length;
      yield part;
    }
  }

  /** Passes over what was not read, and the padding, where all that is there. */
  skipReady(): boolean {
    if (!this.#cursor.skipReady(this.#left + this.#padding)) return false;
    this.#left = 0;
    return true;
  }

  /** Passes over it when it comes. */
  async skip(): Promise<void> {
    const left = this.#left + this.#padding;
    this.#left = 0;
    if (!(await this.#cursor.skip(left))) throw this.#cutShort();
  }

  #cutShort(): TarFault {
    return cutShort(this.#entry.contentOffset, 1, this.#entry);
  }
}

function badTar(path: string, error: unknown): unknown {
  if (!(error instanceof TarFault)) return error;
  return new KheadersPackError('E_BAD_TAR', { path, offset: error.offset, reason: error.message }, { cause: error });
}

/** @param length bytes that are there where more had to be */
function cutShort(offset: number, length: number, entry: TarEntry | null): TarFault {
  if (entry !== null) {
    return new TarFault(offset, `it ends inside the ${entry.size} bytes of "${printable(entry.name)}"`);
  }
  if (length > 0) return new TarFault(offset, `it ends inside an entry header, ${length} bytes of which are there`);
  return new TarFault(offset, 'it ends without the two records of zeros that end a tar');
}

async function requireZeros(cursor: ByteCursor, from: number): Promise<void> {
  let offset = from;
  for (;;) {
    const part = await cursor.some(2 ** 20);
    if (part === null) return;
    const other = firstNonZero(part);
    if (other !== -1) {
      const reason = 'other bytes than zeros follow the end of the archive, such as those of another tar';
      throw new TarFault(offset + other, reason);
    }
    offset += part.length;
  }
}

/** Index of the first byte that is not zero, or -1. */
function firstNonZero(bytes: Uint8Array): number {
  for (let i = 0; i < bytes.length; i++) if (bytes[i] !== 0) return i;
  return -1;
}
