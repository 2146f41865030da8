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
  const stop = (): void => void readable.destroy(new KheadersPackError('E_ABORTED', {}));
  if (signal.aborted) stop();
  signal.addEventListener('abort', stop, { once: true });
  try {
    for await (const piece of readable) yield piece as Uint8Array;
  } catch (error) {
    throw readError(name, error);
  } finally {
    signal.removeEventListener('abort', stop);
    readable.destroy();
  }
}
