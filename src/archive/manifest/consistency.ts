import { ShapeError } from '../../bytes/jsonShape.js';
import type { Manifest } from '../../model/manifest.js';
import { RECORD_SIZE } from '../../tar/entryHeader.js';
import { entryPath, entryTarget } from './paths.js';

/**
 * What the fields of a manifest say of each other: Blocks and entries stand in order and without gaps, no Block is larger
 * than the block size but the last, which ends the tar, each entry is in its Block, each hard link behind the regular file
 * that it names.
 *
 * @throws ShapeError
 */
export function requireConsistent(manifest: Manifest): void {
  requireBlocks(manifest);
  requireEntries(manifest);
}

function requireBlocks({ blocks, settings, tar, archive }: Manifest): void {
  let offset = 0;
  let uncompressedOffset = 0;
  blocks.forEach((block, i) => {
    const at = `blocks[${i}]`;
    if (block.offset < offset) throw new ShapeError(`${at}.offset: it lies in the Block before`);
    if (block.uncompressedOffset !== uncompressedOffset) {
      throw new ShapeError(
        `${at}.uncompressedOffset: expected ${uncompressedOffset}, found ${block.uncompressedOffset}`,
      );
    }
    if (block.uncompressedSize > settings.blockSize && i < blocks.length - 1) {
      throw new ShapeError(`${at}.uncompressedSize: it is more than the block size, ${settings.blockSize}`);
    }
    offset = block.offset + block.unpaddedSize;
    uncompressedOffset += block.uncompressedSize;
  });
  if (uncompressedOffset !== tar.size) {
    throw new ShapeError(`tar.size: expected ${uncompressedOffset}, the Blocks' sum, found ${tar.size}`);
  }
  if (offset > archive.size) throw new ShapeError(`archive.size: the Blocks end behind it`);
}

function requireEntries({ blocks, entries, tar }: Manifest): void {
  const names = new Set<string>();
  const contents = new Set<string>();
  let least = 0;
  entries.forEach((entry, i) => {
    const at = `entries[${i}]`;
    const block = blocks[entry.block];
    const inBlock = block === undefined ? -1 : entry.offset - block.uncompressedOffset;
    if (block === undefined || inBlock < 0 || inBlock >= block.uncompressedSize) {
      throw new ShapeError(`${at}.block: the entry does not begin in it`);
    }
    if (entry.offset < least || entry.offset % RECORD_SIZE !== 0) {
      throw new ShapeError(`${at}.offset: it lies in the entry before, or is no multiple of ${RECORD_SIZE}`);
    }
    least = entry.offset + RECORD_SIZE + entry.size;
    if (entry.kind === 'hardlink' && !contents.has(entryTarget(entry))) {
      throw new ShapeError(`${at}.target: no regular file before has that name`);
    }
    const name = entryPath(entry);
    if (names.has(name)) throw new ShapeError(`${at}.path: an entry before has the same`);
    names.add(name);
    if (entry.kind === 'regular') contents.add(name);
  });
  if (least > tar.size) throw new ShapeError('tar.size: the entries end behind it');
}
