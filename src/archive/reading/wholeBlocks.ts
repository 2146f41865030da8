import { KheadersPackError } from '../../errors.js';
import type { Container } from '../../model/container.js';
import { blockAt } from './blockAt.js';
import type { OpenArchive } from './open.js';

/**
 * Uncompressed bytes from..to (exclusive) of a file. When they have been read to their end, so has the Block that the
 * last of them lies in, and its Check holds.
 */
export async function* readChecked(
  archive: OpenArchive,
  from: number,
  to: number,
): AsyncGenerator<Uint8Array, void, undefined> {
  if (from === to) return;
  let at = from;
  for await (const piece of archive.readRange(from, endOfBlock(containerOf(archive), to))) {
    if (at < to) yield piece.subarray(0, to - at);
    at += piece.length;
  }
  if (at >= to) return;
  throw new KheadersPackError('E_BAD_TAR', { path: archive.name, offset: at, reason: 'it ends early' });
}

/**
 * What an archive's Indexes list, where that is known: of a file, and of a pipe that was read to its end.
 *
 * @throws TypeError for a pipe before, which callers have ruled out
 */
export function containerOf(archive: OpenArchive): Container {
  if (archive.container !== null) return archive.container;
  throw new TypeError(`Neither a file, nor read to its end: ${archive.name}`);
}

/** Where the Block ends that holds the byte before `offset`. */
export function endOfBlock(container: Container, offset: number): number {
  const block = container.blocks[blockAt(container.blocks, offset - 1)];
  return block === undefined ? container.uncompressedSize : block.uncompressedOffset + block.uncompressedSize;
}
