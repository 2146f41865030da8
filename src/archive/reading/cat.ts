import { type BytePath, fromUtf8, printable } from '../../bytes/bytePath.js';
import { KheadersPackError } from '../../errors.js';
import type { TarEntry } from '../../model/tarEntry.js';
import { gatherEnvironment } from '../../settings/environment.js';
import { type CatOptions, resolveCat } from '../../settings/list.js';
import { readTar } from '../../tar/readTar.js';
import { findMembers, type MemberFinder } from './findMembers.js';
import { plainName } from './memberName.js';
import { isBelow, noMember } from './noMember.js';
import { type OpenArchive, withArchive } from './open.js';
import { readChecked } from './wholeBlocks.js';

/** A hard link leads to an earlier member, and that may be one again; more of them than this is not meant. */
const LINKS_MAX = 40;

/**
 * Hands over the contents of members, in the archive's order, one behind the other: what the command `kheaders-pack cat`
 * does. Of several members of one name it is the first. Of a file, only the Blocks are decoded that say where the
 * members are and that hold them; a pipe is read to its end.
 *
 * @param write called with one piece after the other; reading waits for it
 * @throws KheadersPackError `E_NO_MEMBER`, before anything is written of a file; `E_NO_CONTENT` for a link or a directory
 */
export async function cat(options: CatOptions, write: (bytes: Uint8Array) => Promise<void>): Promise<void> {
  const { reading, members, manifest } = resolveCat(options, gatherEnvironment());
  const names = members.map(member => plainName(fromUtf8(member)));
  await withArchive(reading, async archive => {
    if (archive.container === null) await catPiped(archive, names, write);
    else await catFile(archive, await findMembers(archive, manifest), names, write);
  });
}

async function catFile(
  archive: OpenArchive,
  finder: MemberFinder,
  names: readonly BytePath[],
  write: (bytes: Uint8Array) => Promise<void>,
): Promise<void> {
  const found: TarEntry[] = [];
  for (const name of names) found.push(await followed(archive, finder, name));
  found.sort((a, b) => a.contentOffset - b.contentOffset);
  for (const { contentOffset, size } of found) {
    for await (const piece of readChecked(archive, contentOffset, contentOffset + size)) await write(piece);
  }
}

/** The entry that holds a member's content. */
async function followed(archive: OpenArchive, finder: MemberFinder, member: BytePath): Promise<TarEntry> {
  let name = member;
  for (let links = 0; links <= LINKS_MAX; links++) {
    const entry = await finder.find(name);
    if (entry === null) throw noMember(archive, printable(name), await finder.findBelow(name));
    if (isRegular(entry)) return entry;
    if (entry.typeflag !== '1') throw noContent(archive, member, whatItIs(entry));
    name = plainName(entry.linkname);
  }
  throw noContent(archive, member, `it is a hard link, and so are the ${LINKS_MAX} that it leads to`);
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
    if (!isRegular(entry)) throw noContent(archive, name, pipedReason(entry));
    for await (const piece of content) await write(piece);
  }
  const [missing] = wanted;
  if (missing === undefined) return;
  const below = near.filter(name => isBelow(name, missing));
  throw noMember(archive, printable(missing), below);
}

function isRegular({ typeflag }: TarEntry): boolean {
  return typeflag === '0' || typeflag === '7';
}

function pipedReason(entry: TarEntry): string {
  if (entry.typeflag !== '1') return whatItIs(entry);
  const target = printable(entry.linkname);
  return `it is a hard link to "${target}", which went by, and a pipe cannot be read twice (ask for that, or give the archive as a file)`;
}

function whatItIs({ typeflag, linkname }: TarEntry): string {
  if (typeflag === '2') return `it is a symbolic link to "${printable(linkname)}"`;
  if (typeflag === '5' || typeflag === 'D') return 'it is a directory';
  if (typeflag === 'S') return 'it is a sparse file, which is not supported';
  return `it is no regular file (typeflag ${JSON.stringify(typeflag)})`;
}

function noContent(archive: OpenArchive, name: BytePath, reason: string): KheadersPackError {
  return new KheadersPackError('E_NO_CONTENT', { path: archive.name, member: printable(name), reason });
}
