/** What a thread runs that decodes: nothing is loaded that it does not need, for it starts while others wait for it. */
import { parentPort } from 'node:worker_threads';
import { discard } from '../bytes/releasable.js';
import { toFailure } from '../errors.js';
import { type BlockDecoder, newBlockDecoder } from '../lzma/blockDecoder.js';
import { decodeBlock } from './decodeBlock.js';
import { type DecodeOrder, type DecodeReply, type DecoderCode, HANDED_OVER } from './decodeProtocol.js';

let decoder: BlockDecoder | null = null;

function answer(reply: DecodeReply, moved: ArrayBuffer[] = []): void {
  parentPort?.postMessage(reply, moved);
}

function handOver(pieces: readonly Uint8Array[]): void {
  answer(
    { kind: 'pieces', pieces },
    pieces.map(({ buffer }) => buffer).filter(buffer => buffer instanceof ArrayBuffer),
  );
}

function decode({ block, slot }: DecodeOrder): void {
  let pieces: Uint8Array[] = [];
  let size = 0;
  for (const piece of decodeBlock(block, decoder && { decoder, index: slot })) {
    pieces.push(piece);
    size += piece.length;
    if (size < HANDED_OVER) continue;
    handOver(pieces);
    pieces = [];
    size = 0;
  }
  if (size > 0) handOver(pieces);
}

parentPort?.on('message', (message: DecoderCode | DecodeOrder) => {
  if ('code' in message) {
    decoder = newBlockDecoder(message.code);
    answer({ kind: 'loaded' });
    return;
  }
  try {
    decode(message);
    answer({ kind: 'end' });
  } catch (error) {
    answer({ kind: 'failed', failure: toFailure(error) });
  }
  discard(message.block.block);
});
// A message that cannot be read is never answered: who waits for it is told that the thread has ended.
parentPort?.on('messageerror', error => {
  throw error;
});
