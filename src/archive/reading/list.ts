import { printable, toJson } from '../../bytes/bytePath.js';
import type { ListedEntry } from '../../model/listing.js';
import type { TarEntry } from '../../model/tarEntry.js';
import { gatherEnvironment } from '../../settings/environment.js';
import { CALLBACK, requireKind } from '../../settings/kinds.js';
import { type ListOptions, resolveList } from '../../settings/list.js';
import { kindOf } from '../../tar/kinds.js';
import { readMembers } from '../../tar/readTar.js';
import { noMember } from './noMember.js';
import { withArchive } from './open.js';
import { Wanted } from './wanted.js';

/**
 * Reads an archive from its start to its end and hands over its entries: what the command `kheaders-pack list` does.
 * Memory does not depend on the archive's size.
 *
 * @param each called with one entry after the other; reading waits for it
 * @throws KheadersPackError `E_NO_MEMBER` for a pattern that matches nothing; what reading throws comes when the entries
 *   before it have been handed over
 */
export async function list(options: ListOptions, each: (entry: ListedEntry) => void | Promise<void>): Promise<void> {
  const { reading, patterns } = resolveList(options, gatherEnvironment());
  requireKind('each', each, CALLBACK);
  const wanted = new Wanted(patterns);
  await withArchive(reading, async archive => {
    for await (const members of readMembers(archive.pass(), archive.name)) {
      for (const { entry } of members) if (wanted.isWanted(entry.name)) await each(listed(entry));
    }
    const [unmet] = wanted.unmet;
    if (unmet !== undefined) throw noMember(archive, unmet, []);
  });
}

/** All of one shape, but for rare ones: an object that begins with another's fields takes Node 20 twenty times as long. */
function listed(entry: TarEntry): ListedEntry {
  const { path, pathBase64 } = toJson(entry.name);
  const kind = kindOf(entry);
  const common: ListedEntry = {
    path,
    kind,
    typeflag: entry.typeflag,
    mode: entry.mode,
    uid: entry.uid,
    gid: entry.gid,
    size: entry.size,
    mtime: entry.mtime,
    format: entry.format,
    offset: entry.offset,
    contentOffset: entry.contentOffset,
    uname: printable(entry.uname),
    gname: printable(entry.gname),
  };
  const named = pathBase64 === undefined ? common : Object.assign({ path, pathBase64 }, common);
  const { devmajor, devminor } = entry;
  if (kind === 'hardlink' || kind === 'symlink') return Object.assign(named, targetOf(entry));
  if (kind === 'character device' || kind === 'block device') return Object.assign(named, { devmajor, devminor });
  return named;
}

function targetOf({ linkname }: TarEntry): Pick<ListedEntry, 'target' | 'targetBase64'> {
  const { path, pathBase64 } = toJson(linkname);
  return pathBase64 === undefined ? { target: path } : { target: path, targetBase64: pathBase64 };
}
