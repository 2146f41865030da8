import { countEntries } from '../../tar/countEntries.js';
import { TarFault } from '../../tar/fault.js';
import { readMembers } from '../../tar/readTar.js';
import type { OpenArchive } from './open.js';

/**
 * Counts the entries of an archive, and checks it from end to end. Of a file, those who decode it count what is plain, and hand
 * over what is not. Where that is not enough, or something is wrong, the file is read once more as a whole, and that reading
 * tells.
 *
 * @throws KheadersPackError `E_BAD_XZ`, `E_UNSUPPORTED_XZ`, `E_BAD_TAR`
 */
export async function entryCount(archive: OpenArchive): Promise<number> {
  try {
    if (archive.container !== null) return await countEntries(archive.skim('members'));
  } catch (error) {
    if (!(error instanceof TarFault)) throw error;
  }
  let count = 0;
  for await (const members of readMembers(archive.pass(), archive.name)) count += members.length;
  return count;
}
