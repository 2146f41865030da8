import { badXz, placeAfter } from '../errors.js';
import { decodeWhole } from '../lzma/decodeWhole.js';
import { blockHeaderSize, decodeBlockHeader } from '../xz/blockHeader.js';
import { agreedCompressedSize, requireBlockPadding } from '../xz/blockSizes.js';
import { checkOfId, checkSizeOf, requireCheck } from '../xz/check.js';
import { decodeFilterChain } from '../xz/filterChain.js';
import type { DecodeTask } from './protocol.js';
import type { Stopwatch } from './stopwatch.js';

/**
 * Decodes a Block that is there whole, and checks every byte of it: Block Header, Compressed Data, Block Padding, Check.
 * A Check that nobody can compute yet is left unverified; who asks has said so.
 *
 * @returns the Uncompressed Data in pieces, each in a buffer of its own
 * @throws KheadersPackError `E_BAD_XZ`, `E_UNSUPPORTED_XZ`
 */
export function decodeBlock(task: DecodeTask, stopwatch: Stopwatch): readonly Uint8Array[] {
  const { block, record, place, checkId } = task;
  const headerSize = blockHeaderSize(block[0] ?? 0);
  if (headerSize === 0 || headerSize > block.length) throw badXz(place, 'a Block does not begin with a Block Header');
  const header = decodeBlockHeader(block.subarray(0, headerSize), place);
  const chain = decodeFilterChain(header.filters, place);
  const checkSize = checkSizeOf(checkId);
  const dataEnd = headerSize + agreedCompressedSize(header, record, checkSize, place);
  const checkAt = block.length - checkSize;
  requireBlockPadding(block.subarray(dataEnd, checkAt), placeAfter(place, dataEnd));
  const data = block.subarray(headerSize, dataEnd);
  const content = stopwatch.time('decode', () =>
    decodeWhole(chain, data, record.uncompressedSize, placeAfter(place, headerSize)),
  );
  const running = checkOfId(checkId)?.start();
  if (running !== undefined) {
    stopwatch.time('check', () => {
      for (const piece of content) running.update(piece);
    });
    requireCheck(running.value(), block.subarray(checkAt), placeAfter(place, checkAt));
  }
  return content;
}
