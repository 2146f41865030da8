import { createHash } from 'node:crypto';
import { KheadersPackError } from '../errors.js';
import type { EncodingSettings, ExecutionSettings } from '../model/settings.js';
import type { EncodedBlock } from '../xz/block.js';
import { encodeStream } from '../xz/stream.js';
import { openSink, type Sink } from './sink.js';

/** What was written. */
export interface Written {
  /** Bytes of the archive. */
  readonly size: number;
  /** SHA-256 of the archive, in hexadecimal. */
  readonly digest: string;
  readonly blocks: number;
  /** Uncompressed bytes. */
  readonly tarSize: number;
}

/**
 * Opens the output, lets `work` fill it, and makes it final; whatever fails, the output is as it was before. The output
 * is opened first, so that one that cannot be written fails before the work is done.
 */
export async function withSink<T>(execution: ExecutionSettings, work: (sink: Sink) => Promise<T>): Promise<T> {
  const sink = stoppable(await openSink(execution.output), execution.signal);
  try {
    const result = await work(sink);
    if (execution.signal.aborted) throw new KheadersPackError('E_ABORTED', {});
    await sink.commit();
    return result;
  } catch (error) {
    await sink.discard();
    throw error;
  }
}

/** The same sink, whose writes give up when the signal fires: a reader that never reads must not hold up the caller. */
function stoppable(sink: Sink, signal: AbortSignal): Sink {
  return {
    ...sink,
    write: bytes =>
      new Promise((resolve, reject) => {
        const stop = (): void => reject(new KheadersPackError('E_ABORTED', {}));
        if (signal.aborted) stop();
        signal.addEventListener('abort', stop, { once: true });
        sink
          .write(bytes)
          .finally(() => signal.removeEventListener('abort', stop))
          .then(resolve, reject);
      }),
  };
}

/** Writes the Blocks as one Stream. */
export async function writeStream(
  blocks: AsyncIterable<EncodedBlock>,
  check: EncodingSettings['check'],
  sink: Sink,
): Promise<Written> {
  const hash = createHash('sha256');
  const counts = { blocks: 0, tarSize: 0 };
  let size = 0;
  for await (const bytes of encodeStream(counted(blocks, counts), check)) {
    hash.update(bytes);
    size += bytes.length;
    await sink.write(bytes);
  }
  return { size, digest: hash.digest('hex'), ...counts };
}

async function* counted(
  blocks: AsyncIterable<EncodedBlock>,
  counts: { blocks: number; tarSize: number },
): AsyncGenerator<EncodedBlock, void, undefined> {
  for await (const block of blocks) {
    counts.blocks++;
    counts.tarSize += block.uncompressedSize;
    yield block;
  }
}
