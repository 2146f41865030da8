import { ByteCursor } from '../bytes/byteCursor.js';
import { printable } from '../bytes/bytePath.js';
import { Piece } from '../bytes/piece.js';
import { KheadersPackError } from '../errors.js';
import type { TarEntry } from '../model/tarEntry.js';
import { type Decoded, EntryDecoder } from './entryDecoder.js';
import { roundUpRecord } from './entryHeader.js';
import { TarFault } from './fault.js';
import { PixzIndex } from './pixzIndex.js';

/** Bytes that are read behind a fault, if there are so many: to the end of a Block, say. */
const READ_AFTER_FAULT = 2 ** 25;

/** An entry with its content, which has to be read, if at all, before more is asked for. */
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
 * never copied, and nothing is held but the members of one piece.
 *
 * The tar has to end with two records of zeros, behind which only zeros may follow, and pixz's index of the members: one
 * that was cut between two entries is a fault, though GNU tar takes it without a word, and so are bytes that another
 * reader might take for entries. Both are told when all that is there has been read. Bytes are read to their end, so that
 * whoever makes them checks them to theirs.
 *
 * @param archiveName for messages
 * @param offset of the first byte in the tar, where an entry has to begin
 * @throws KheadersPackError `E_BAD_TAR` naming archive and tar offset
 */
export async function* readTar(
  bytes: AsyncIterable<Uint8Array>,
  archiveName: string,
  offset = 0,
): AsyncGenerator<TarMember, void, undefined> {
  for await (const members of readMembers(bytes, archiveName, offset)) yield* members;
}

/**
 * As `readTar`, with the members together that are there together: to wait for each of them by itself, though it is there,
 * takes longer than to read it.
 */
export async function* readMembers(
  bytes: AsyncIterable<Uint8Array>,
  archiveName: string,
  offset = 0,
): AsyncGenerator<readonly TarMember[], void, undefined> {
  const cursor = new ByteCursor(bytes);
  const decoder = new EntryDecoder(offset);
  try {
    for (;;) {
      const { members, behind } = membersThere(cursor, decoder);
      if (members.length > 0) yield members;
      if (behind instanceof TarFault) throw behind;
      const decoded = behind === 'more' ? await takeNext(cursor, decoder) : behind;
      if (decoded === 'end') break;
      if (decoded === 'more') continue;
      const content = new ContentToCome(decoded, cursor, archiveName);
      yield [{ entry: decoded, content }];
      await content.skip();
    }
    await requireNothing(cursor, decoder.offset);
  } catch (error) {
    // Where the bytes are damaged, whoever makes them knows when they have been read, and that is the cause.
    if (error instanceof TarFault) await cursor.skip(READ_AFTER_FAULT);
    throw badTar(archiveName, error);
  } finally {
    await cursor.close();
  }
}

/** What a piece has: members, and behind them an entry whose content, or a header (`more`), goes on in the next. */
interface There {
  readonly members: readonly TarMember[];
  readonly behind: Decoded | TarFault;
}

/** Takes the members that lie in the piece in hand. */
function membersThere(cursor: ByteCursor, decoder: EntryDecoder): There {
  const members: TarMember[] = [];
  const { piece, at: from } = cursor;
  const { length } = piece.bytes;
  /** Index in the piece of the tar's first byte: mostly less than 0. */
  const base = from - decoder.offset;
  let at = from;
  let behind: There['behind'] = 'more';
  try {
    while (behind === 'more' && at + decoder.wanted <= length) {
      const decoded = decoder.accept(piece, at);
      const end = base + decoder.offset;
      if (typeof decoded === 'string') {
        behind = decoded;
        at = end;
      } else if (end > length) {
        behind = decoded;
        at = base + decoded.contentOffset;
      } else {
        members.push({
          entry: decoded,
          content: new ContentThere(piece, base + decoded.contentOffset, decoded.size),
        });
        at = end;
      }
    }
  } catch (error) {
    if (!(error instanceof TarFault)) throw error;
    behind = error;
  }
  cursor.skipReady(at - from);
  return { members, behind };
}

/** Waits for the header that comes next, or a part of it. */
async function takeNext(cursor: ByteCursor, decoder: EntryDecoder): Promise<Decoded> {
  const { offset, wanted } = decoder;
  const given = await cursor.take(wanted);
  if (given.length < wanted) throw cutShort(offset, given.length, null);
  return decoder.accept(new Piece(given), 0);
}

/** Content that is there, and stays there as long as its piece. */
class ContentThere implements MemberContent {
  readonly #piece: Piece;
  readonly #at: number;
  /** Bytes that nobody has read. */
  #left: number;

  constructor(piece: Piece, at: number, size: number) {
    this.#piece = piece;
    this.#at = at;
    this.#left = size;
  }

  ready(): Uint8Array {
    const content = this.#piece.bytes.subarray(this.#at, this.#at + this.#left);
    this.#left = 0;
    return content;
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<Uint8Array, void, undefined> {
    if (this.#left > 0) yield this.ready();
  }
}

/** Content that goes on in pieces that have to be waited for. */
class ContentToCome implements MemberContent {
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

  /** Passes over what was not read, and the padding. */
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

/** Behind the end only zeros may follow, and pixz's index. */
async function requireNothing(cursor: ByteCursor, from: number): Promise<void> {
  const index = new PixzIndex();
  let zeros = from;
  let isIndex = false;
  for (let part = await cursor.some(2 ** 20); part !== null; part = await cursor.some(2 ** 20)) {
    const other = isIndex ? 0 : firstNonZero(part);
    if (!isIndex) zeros += other === -1 ? part.length : other;
    if (other === -1) continue;
    isIndex = true;
    if (!index.accept(part.subarray(other))) throw otherBytes(zeros);
  }
  if (isIndex && !index.isWhole) throw otherBytes(zeros);
}

function otherBytes(offset: number): TarFault {
  return new TarFault(offset, 'other bytes than zeros follow the end of the archive, such as those of another tar');
}

/** Index of the first byte that is not zero, or -1. */
function firstNonZero(bytes: Uint8Array): number {
  for (let i = 0; i < bytes.length; i++) if (bytes[i] !== 0) return i;
  return -1;
}
