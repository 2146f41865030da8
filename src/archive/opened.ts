import { type FileHandle, open } from 'node:fs/promises';
import { KheadersPackError } from '../errors.js';

/**
 * Opens a file. A FIFO opens when somebody has its other end open, and opening it cannot be taken back: when nobody waits
 * any more, it is closed, and until then keeps a thread of libuv's.
 *
 * @throws KheadersPackError `E_ABORTED`; the system's errors
 */
export async function opened(path: string, flags: 'r' | 'w', signal: AbortSignal): Promise<FileHandle> {
  if (signal.aborted) throw new KheadersPackError('E_ABORTED', {});
  const opening = open(path, flags);
  let giveUp = (): void => undefined;
  const aborted = new Promise<never>((_, reject) => {
    giveUp = () => reject(new KheadersPackError('E_ABORTED', {}));
  });
  signal.addEventListener('abort', giveUp, { once: true });
  try {
    return await Promise.race([opening, aborted]);
  } catch (error) {
    opening.then(handle => handle.close()).catch(() => undefined);
    throw error;
  } finally {
    signal.removeEventListener('abort', giveUp);
  }
}
