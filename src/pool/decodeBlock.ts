import { badXz, type Place, placeAfter } from '../errors.js';
import { decodeWhole } from '../lzma/decodeWhole.js';
import type { Coder } from '../model/coder.js';
import { blockHeaderSize, decodeBlockHeader } from '../xz/blockHeader.js';
import { agreedCompressedSize, requireBlockPadding } from '../xz/blockSizes.js';
import { checkOfId, checkSizeOf, type RunningCheck, requireCheck } from '../xz/check.js';
import { decodeFilterChain } from '../xz/filterChain.js';
import type { DecodeTask } from './protocol.js';
import type { Stopwatch } from './stopwatch.js';

/**
 * Decodes a Block that is there whole, and checks every byte of it: Block Header, Compressed Data, Block Padding, Check.
 * A Check that nobody can compute yet is left unverified; who asks has said so.
 *
 * @returns the Uncompressed Data in pieces, each in a buffer of its own; one piece may lie in the task's room
 * @throws KheadersPackError `E_BAD_XZ`, `E_UNSUPPORTED_XZ`
 */
export function decodeBlock(task: DecodeTask, stopwatch: Stopwatch): readonly Uint8Array[] {
  const { chain, data, dataPlace } = openBlock(task);
  const running = checkOfId(task.checkId)?.start();
  const look = (piece: Uint8Array): void => stopwatch.time('check', () => running?.update(piece));
  const content = stopwatch.time('decode', () =>
    decodeWhole(chain, data, task.record.uncompressedSize, dataPlace, task.room, look),
  );
  if (running !== undefined) requireValue(task, running);
  return content;
}

interface OpenBlock {
  readonly chain: readonly Coder[];
  /** The Compressed Data. */
  readonly data: Uint8Array;
  readonly dataPlace: Place;
}

/** Checks what lies around the Compressed Data, but for the Check. */
function openBlock({ block, record, place, checkId }: DecodeTask): OpenBlock {
  const headerSize = blockHeaderSize(block[0] ?? 0);
  if (headerSize === 0 || headerSize > block.length) throw badXz(place, 'a Block does not begin with a Block Header');
  const header = decodeBlockHeader(block.subarray(0, headerSize), place);
  const chain = decodeFilterChain(header.filters, place);
  const checkSize = checkSizeOf(checkId);
  const dataEnd = headerSize + agreedCompressedSize(header, record, checkSize, place);
  requireBlockPadding(block.subarray(dataEnd, block.length - checkSize), placeAfter(place, dataEnd));
  return { chain, data: block.subarray(headerSize, dataEnd), dataPlace: placeAfter(place, headerSize) };
}

function requireValue({ block, place, checkId }: DecodeTask, running: RunningCheck): void {
  const checkAt = block.length - checkSizeOf(checkId);
  requireCheck(running.value(), block.subarray(checkAt), placeAfter(place, checkAt));
}
