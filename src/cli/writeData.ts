import { commitAll, openSink, type Sink } from '../archive/sink.js';

/** Where a result goes: a file, or standard output (`-`). Who does not want to wait for a FIFO's reader ends the process. */
export function openResult(path: string): Promise<Sink> {
  const { signal } = new AbortController();
  if (path !== '-') return openSink({ kind: 'file', path }, signal);
  return openSink({ kind: 'writable', writable: process.stdout, name: 'standard output' }, signal);
}

/** Writes a result of the command line to a file, whole or not at all, or to standard output (`-`). */
export function writeData(path: string, content: string | Uint8Array): Promise<void> {
  return withPlaceFor(path, write => write(content));
}

/**
 * As `writeData`, for a result that `work` makes and then writes: a file that cannot be written is told before the work is
 * done, and what was there before stays where it fails.
 */
export async function withPlaceFor(
  path: string,
  work: (write: (content: string | Uint8Array) => Promise<void>) => Promise<void>,
): Promise<void> {
  const sink = await openResult(path);
  let isWritten = false;
  try {
    await work(async content => {
      await sink.write(typeof content === 'string' ? Buffer.from(content) : content);
      await commitAll([sink]);
      isWritten = true;
    });
  } finally {
    if (!isWritten) await sink.discard();
  }
}
