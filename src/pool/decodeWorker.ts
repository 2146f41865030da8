/** What a thread runs that decodes: nothing is loaded that it does not need, for it starts while others wait for it. */
import { parentPort } from 'node:worker_threads';
import { discard } from '../bytes/releasable.js';
import { toFailure } from '../errors.js';
import { type BlockDecoder, newBlockDecoder } from '../lzma/blockDecoder.js';
import type { ContentPiece, DecodeOrder, DecodeReply, DecoderCode } from './decodeProtocol.js';
import { handOver } from './handOver.js';

let decoder: BlockDecoder | null = null;

function answer(reply: DecodeReply, moved: ArrayBuffer[] = []): void {
  parentPort?.postMessage(reply, moved);
}

function send(pieces: readonly ContentPiece[]): void {
  if (pieces.length === 0) return;
  answer(
    { kind: 'pieces', pieces },
    pieces.map(bufferOf).filter(buffer => buffer instanceof ArrayBuffer),
  );
}

function bufferOf(piece: ContentPiece): ArrayBufferLike {
  return piece instanceof Uint8Array ? piece.buffer : piece.bytes.buffer;
}

function decode({ block, slot, extent }: DecodeOrder): void {
  for (const pieces of handOver(block, decoder && { decoder, index: slot }, extent)) send(pieces);
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
