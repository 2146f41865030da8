import { type BytePath, fromUtf8, printable } from '../../bytes/bytePath.js';
import { KheadersPackError } from '../../errors.js';
import type { TarEntry } from '../../model/tarEntry.js';
import { gatherEnvironment } from '../../settings/environment.js';
import { type CatOptions, resolveCat } from '../../settings/list.js';
import { kindOf } from '../../tar/kinds.js';
import { readTar } from '../../tar/readTar.js';
import { readManifest } from '../manifest/read.js';
import { findMembers, type MemberFinder } from './findMembers.js';
import { kept } from './kept.js';
import { plainName } from './memberName.js';
import type { Member } from './members.js';
import { isBelow, noMember } from './noMember.js';
import { type OpenArchive, withArchive } from './open.js';
import { keepFailure } from './readable.js';
import { readChecked } from './wholeBlocks.js';

/** A hard link leads to an earlier member, and that may be one again; more of them than this is not meant. */
const LINKS_MAX = 40;

/**
 * Hands over the contents of members, in the archive's order, one behind the other: what the command `kheaders-pack cat`
 * does. A member that is named twice is printed once, and of several of one name the first. Of a file, only the Blocks are
 * decoded that hold them, once where 32 MiB hold the contents, and the beginnings of those that say where they are; a pipe
 * is read to its end.
 *
 * @param write called with one piece after the other; reading waits for it
 * @throws KheadersPackError `E_NO_MEMBER`, before anything is written of a file; `E_NO_CONTENT` for a link or a directory
 */
export async function cat(options: CatOptions, write: (bytes: Uint8Array) => Promise<void>): Promise<void> {
  const { reading, members, manifest } = resolveCat(options, gatherEnvironment());
  const names = [...new Set(members.map(member => plainName(fromUtf8(member))))];
  if (reading.source.kind === 'readable') keepFailure(reading.source.readable);
  // Nothing is searched for in a pipe, but what is no manifest is a mistake there as well.
  const listed = manifest === null ? null : { path: manifest, ...(await readManifest(manifest, reading.signal)) };
  await withArchive(reading, async archive => {
    if (archive.container === null) await catPiped(archive, names, write);
    else await catFile(archive, findMembers(archive, listed), names, write);
  });
}

async function catFile(
  archive: OpenArchive,
  finder: MemberFinder,
  names: readonly BytePath[],
  write: (bytes: Uint8Array) => Promise<void>,
): Promise<void> {
  const found = await followed(archive, finder, names);
  found.sort((a, b) => a.entry.contentOffset - b.entry.contentOffset);
  for (const { entry, content } of found) {
    if (content === null) for await (const piece of contentOf(archive, entry)) await write(piece);
    else await write(content);
  }
}

/** The members that hold the contents: hard links are followed. */
async function followed(archive: OpenArchive, finder: MemberFinder, members: readonly BytePath[]): Promise<Member[]> {
  const named = (name: BytePath, found: Member | undefined): Member => {
    if (found === undefined) throw noMember(archive, printable(name), finder.below(name));
    return found;
  };
  const ends: Member[] = [];
  const found = await finder.find(new Set(members));
  let ways = members.map(member => ({ member, at: named(member, found.get(member)) }));
  for (let links = 0; ways.length > 0; links++) {
    const further: typeof ways = [];
    for (const way of ways) {
      const kind = kindOf(way.at.entry);
      if (kind === 'regular') ends.push(way.at);
      else if (kind === 'hardlink') further.push(way);
      else throw noContent(archive, way.member, whatItIs(way.at.entry));
    }
    const [first] = further;
    if (first === undefined) break;
    if (links === LINKS_MAX) {
      const reason = `it is a hard link, and so are the ${LINKS_MAX} that it leads to`;
      throw noContent(archive, first.member, reason);
    }
    const targets = await finder.targets(further.map(({ at }) => at.entry));
    ways = further.map(({ member, at: { entry } }) => ({
      member,
      at: named(plainName(entry.linkname), targets.get(entry)),
    }));
  }
  return ends;
}

function contentOf(archive: OpenArchive, { contentOffset, size }: TarEntry): AsyncIterable<Uint8Array> {
  return kept(readChecked(archive, contentOffset, contentOffset + size));
}

async function catPiped(
  archive: OpenArchive,
  names: readonly BytePath[],
  write: (bytes: Uint8Array) => Promise<void>,
): Promise<void> {
  const wanted = new Set(names);
  const near: BytePath[] = [];
  for await (const { entry, content } of readTar(archive.read(), archive.name)) {
    const name = plainName(entry.name);
    if (!wanted.delete(name)) {
      if (names.some(each => isBelow(name, each))) near.push(name);
      continue;
    }
    if (kindOf(entry) !== 'regular') throw noContent(archive, name, pipedReason(entry));
    for await (const piece of content) await write(piece);
  }
  const [missing] = wanted;
  if (missing === undefined) return;
  const below = near.filter(name => isBelow(name, missing));
  throw noMember(archive, printable(missing), below);
}

function pipedReason(entry: TarEntry): string {
  if (kindOf(entry) !== 'hardlink') return whatItIs(entry);
  const target = printable(entry.linkname);
  return `it is a hard link to "${target}", which went by, and a pipe cannot be read twice (ask for that, or give the archive as a file)`;
}

function whatItIs(entry: TarEntry): string {
  const kind = kindOf(entry);
  switch (kind) {
    case 'symlink':
      return `it is a symbolic link to "${printable(entry.linkname)}"`;
    case 'sparse file':
      return 'it is a sparse file, which is not supported';
    case 'continuation':
    case 'unknown':
      return `it is no regular file (typeflag ${JSON.stringify(entry.typeflag)})`;
    default:
      return `it is a ${kind}`;
  }
}

function noContent(archive: OpenArchive, name: BytePath, reason: string): KheadersPackError {
  // The top's plain name is empty.
  return new KheadersPackError('E_NO_CONTENT', { path: archive.name, member: printable(name) || '.', reason });
}
