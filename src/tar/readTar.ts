import { ByteCursor } from '../bytes/byteCursor.js';
import { Piece } from '../bytes/piece.js';
import type { TarEntry } from '../model/tarEntry.js';
import { AfterEnd } from './afterEnd.js';
import { type Decoded, EntryDecoder } from './entryDecoder.js';
import { badTar, TarFault } from './fault.js';
import { ContentThere, ContentToCome, type MemberContent } from './memberContent.js';

/** Bytes that are read behind a fault, if there are so many: to the end of a Block, say. */
const READ_AFTER_FAULT = 2 ** 25;

/** An entry with its content, which has to be read, if at all, before more is asked for. */
export interface TarMember {
  readonly entry: TarEntry;
  readonly content: MemberContent;
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
  const { piece } = cursor;
  const { length } = piece.bytes;
  const from = decoder.offset;
  /** Index in the piece of the tar's first byte: mostly less than 0. */
  const base = cursor.at - from;
  let behind: There['behind'] = 'more';
  try {
    while (behind === 'more') {
      takePlain(piece, base, decoder, members);
      const at = base + decoder.offset;
      if (at + decoder.wanted > length) break;
      const decoded = decoder.accept(piece, at);
      if (typeof decoded === 'string' || base + decoder.offset > length) behind = decoded;
      else members.push(memberThere(decoded, piece, base));
    }
  } catch (error) {
    if (!(error instanceof TarFault)) throw error;
    behind = error;
  }
  const given = typeof behind === 'string' || behind instanceof TarFault ? decoder.offset : behind.contentOffset;
  cursor.skipReady(given - from);
  return { members, behind };
}

/**
 * Takes plain members, as most are, from where the decoder is in a piece. V8 throws away what it has made of a function when
 * something rare first comes in it, so that has its place above.
 */
function takePlain(piece: Piece, base: number, decoder: EntryDecoder, members: TarMember[]): void {
  for (;;) {
    const entry = decoder.acceptPlain(piece, base + decoder.offset);
    if (entry === null) return;
    members.push(memberThere(entry, piece, base));
  }
}

function memberThere(entry: TarEntry, piece: Piece, base: number): TarMember {
  return { entry, content: new ContentThere(piece, base + entry.contentOffset, entry.size) };
}

/** Waits for the header that comes next, or a part of it. */
async function takeNext(cursor: ByteCursor, decoder: EntryDecoder): Promise<Decoded> {
  const { offset, wanted } = decoder;
  const given = await cursor.take(wanted);
  if (given.length < wanted) throw cutShort(offset, given.length);
  return decoder.accept(new Piece(given), 0);
}

/** @param length bytes that are there where a header had to be */
function cutShort(offset: number, length: number): TarFault {
  const reason =
    length > 0
      ? `it ends inside an entry header, ${length} bytes of which are there`
      : 'it ends without the two records of zeros that end a tar';
  return new TarFault(offset, reason);
}

async function requireNothing(cursor: ByteCursor, from: number): Promise<void> {
  const behind = new AfterEnd(from);
  for (let part = await cursor.some(2 ** 20); part !== null; part = await cursor.some(2 ** 20)) behind.push(part);
  behind.finish();
}
