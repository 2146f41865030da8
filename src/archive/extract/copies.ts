import { ByteCursor } from '../../bytes/byteCursor.js';
import { KheadersPackError } from '../../errors.js';
import type { OpenArchive } from '../reading/open.js';
import { containerOf, endOfBlock, readChecked } from '../reading/wholeBlocks.js';
import type { Copy, Extraction } from './extraction.js';
import type { Source } from './places.js';

/** Contents that lie closer together are read in one go, in bytes: their Blocks are the same, or neighbours. */
const NEAR = 2 ** 23;

/**
 * Writes the hard links whose targets were left out, such as one kernel's whose headers are another's in the bundle: each
 * content once, its other names as links to the first. The archive is read again for it, as far as contents are wanted.
 */
export async function makeCopies(extraction: Extraction, archive: OpenArchive): Promise<void> {
  const bySource = new Map<Source, Copy[]>();
  for (const copy of extraction.copies.values()) {
    const others = bySource.get(copy.source);
    if (others === undefined) bySource.set(copy.source, [copy]);
    else others.push(copy);
  }
  const inOrder = [...bySource].sort(([a], [b]) => a.contentOffset - b.contentOffset);
  for (const run of runsOf(inOrder, archive)) {
    const [first] = run[0] as Entry;
    const [last] = run.at(-1) as Entry;
    const cursor = new ByteCursor(readChecked(archive, first.contentOffset, last.contentOffset + last.size));
    let at = first.contentOffset;
    try {
      for (const [source, copies] of run) {
        await cursor.skip(source.contentOffset - at);
        const [copy, ...others] = copies as [Copy, ...Copy[]];
        await extraction.copy(copy, contentOf(cursor, source, archive.name));
        for (const other of others) extraction.link(other, copy);
        at = source.contentOffset + source.size;
      }
      // The Check of the last Block is behind its last byte.
      await cursor.skip(Number.POSITIVE_INFINITY);
    } finally {
      await cursor.close();
    }
  }
}

type Entry = readonly [Source, readonly Copy[]];

/** Neighbours together, and what a Block holds: it is decoded from its start for each run. */
function runsOf(entries: readonly Entry[], archive: OpenArchive): Entry[][] {
  const container = containerOf(archive);
  const runs: Entry[][] = [];
  let end = 0;
  for (const entry of entries) {
    const [{ contentOffset, size }] = entry;
    const run = runs.at(-1);
    const isNear = contentOffset - end <= NEAR || contentOffset < endOfBlock(container, end);
    if (run !== undefined && isNear) run.push(entry);
    else runs.push([entry]);
    end = contentOffset + size;
  }
  return runs;
}

async function* contentOf(
  cursor: ByteCursor,
  source: Source,
  archiveName: string,
): AsyncGenerator<Uint8Array, void, undefined> {
  for (let left = source.size; left > 0; ) {
    const part = await cursor.some(left);
    if (part === null) {
      const facts = { path: archiveName, offset: source.contentOffset, reason: 'it changed while it was read' };
      throw new KheadersPackError('E_BAD_TAR', facts);
    }
    left -= part.length;
    yield part;
  }
}
