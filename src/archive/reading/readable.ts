import type { Readable } from 'node:stream';
import { KheadersPackError } from '../../errors.js';
import { readError } from './archiveFile.js';

/**
 * The bytes of a readable. It gives up when the signal fires, even where the readable never answers, and destroys the
 * readable in any case: nobody else can go on with it.
 *
 * @throws KheadersPackError `E_READ`, `E_ABORTED`
 */
export async function* readablePieces(
  readable: Readable,
  name: string,
  signal: AbortSignal,
): AsyncGenerator<Uint8Array, void, undefined> {
  let giveUp = (): void => undefined;
  const stop = (): void => {
    readable.destroy(new KheadersPackError('E_ABORTED', {}));
    // A read of a FIFO that nobody writes to cannot be taken back: until it ends, the readable does not either.
    giveUp();
  };
  if (signal.aborted) stop();
  signal.addEventListener('abort', stop, { once: true });
  const pieces = readable[Symbol.asyncIterator]();
  try {
    for (;;) {
      const next = await new Promise<IteratorResult<unknown>>((resolve, reject) => {
        giveUp = () => reject(new KheadersPackError('E_ABORTED', {}));
        pieces.next().then(resolve, reject);
      });
      if (next.done === true) return;
      yield bytesOf(next.value);
    }
  } catch (error) {
    throw readError(name, error);
  } finally {
    signal.removeEventListener('abort', stop);
    readable.destroy();
  }
}

/** A stream with an encoding gives text, of which the bytes cannot be had back. */
function bytesOf(piece: unknown): Uint8Array {
  if (piece instanceof Uint8Array) return piece;
  const kind = piece?.constructor?.name ?? typeof piece;
  throw new TypeError(`it gives a ${kind} in the place of a Uint8Array`);
}

/**
 * For a readable that is read later: that it fails meanwhile is told to who reads it then. Without a listener it would end
 * the process.
 */
export function keepFailure(readable: Readable): void {
  readable.on('error', () => undefined);
}
