import { badXz, type Place, placeAfter } from '../errors.js';
import { decodeWhole, type Slot } from '../lzma/decodeWhole.js';
import type { Coder } from '../model/coder.js';
import { blockHeaderSize, decodeBlockHeader } from '../xz/blockHeader.js';
import { agreedCompressedSize, requireBlockPadding } from '../xz/blockSizes.js';
import { checkOfId, checkSizeOf, type RunningCheck, requireCheck } from '../xz/check.js';
import { decodeFilterChain } from '../xz/filterChain.js';
import type { BlockToDecode } from './decodeProtocol.js';

/**
 * Decodes a Block that is there whole, a piece whenever the next one is asked for, and checks every byte of it: Block
 * Header, Compressed Data, Block Padding, and, when its content has been handed over, its Check. A Check that nobody can
 * compute yet is left unverified; who asks has said so.
 *
 * @param slot where our decoder is to work; null where there is none
 * @returns the Uncompressed Data in order, in the slot, or each piece in a buffer of its own
 * @throws KheadersPackError `E_BAD_XZ`, `E_UNSUPPORTED_XZ`
 */
export function* decodeBlock(task: BlockToDecode, slot: Slot | null): Generator<Uint8Array, void, undefined> {
  const { chain, data, dataPlace } = openBlock(task);
  const running = checkOfId(task.checkId)?.start(slot?.decoder.memory ?? null);
  for (const piece of decodeWhole(chain, data, task.record.uncompressedSize, dataPlace, slot)) {
    running?.update(piece);
    yield piece;
  }
  if (running !== undefined) requireValue(task, running);
}

interface OpenBlock {
  readonly chain: readonly Coder[];
  /** The Compressed Data. */
  readonly data: Uint8Array;
  readonly dataPlace: Place;
}

/** Checks what lies around the Compressed Data, but for the Check. */
function openBlock({ block, record, place, checkId }: BlockToDecode): OpenBlock {
  const headerSize = blockHeaderSize(block[0] ?? 0);
  if (headerSize === 0 || headerSize > block.length) throw badXz(place, 'a Block does not begin with a Block Header');
  const header = decodeBlockHeader(block.subarray(0, headerSize), place);
  const chain = decodeFilterChain(header.filters, place);
  const checkSize = checkSizeOf(checkId);
  const dataEnd = headerSize + agreedCompressedSize(header, record, checkSize, place);
  requireBlockPadding(block.subarray(dataEnd, block.length - checkSize), placeAfter(place, dataEnd));
  return { chain, data: block.subarray(headerSize, dataEnd), dataPlace: placeAfter(place, headerSize) };
}

function requireValue({ block, place, checkId }: BlockToDecode, running: RunningCheck): void {
  const checkAt = block.length - checkSizeOf(checkId);
  requireCheck(running.value(), block.subarray(checkAt), placeAfter(place, checkAt));
}
