import { createHash } from 'node:crypto';
import { KheadersPackError } from '../errors.js';
import type { EncodingSettings, ExecutionSettings, Output } from '../model/settings.js';
import type { EncodedBlock } from '../xz/block.js';
import { encodeStream } from '../xz/stream.js';
import type { CompanionSinks } from './manifest/companions.js';
import { commitAll, openSink, type Sink } from './sink.js';

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

/** The archive's sink and those of what is written beside it. */
export interface Sinks extends CompanionSinks {
  readonly archive: Sink;
}

/**
 * Opens the outputs, lets `work` fill them, and makes them final; whatever fails, the files are as they were before. They
 * are opened first, so that one that cannot be written fails before the work is done. The archive takes its place first
 * and what is written beside it follows in the same turn. What goes to a writable cannot be taken back, so a manifest
 * on standard output is written before any file takes its place.
 */
export async function withSinks<T>(execution: ExecutionSettings, work: (sinks: Sinks) => Promise<T>): Promise<T> {
  const { signal, output, companions } = execution;
  const opened: Sink[] = [];
  const open = async (target: Output): Promise<Sink> => {
    const sink = stoppable(await openSink(target, signal), signal);
    opened.push(sink);
    return sink;
  };
  const openWanted = async (target: Output | null): Promise<Sink | null> => (target === null ? null : open(target));
  try {
    const result = await work({
      archive: await open(output),
      manifest: await openWanted(companions.manifest),
      sha256sums: await openWanted(companions.sha256sums),
      provenance: await openWanted(companions.provenance),
      trace: await openWanted(companions.trace),
    });
    if (signal.aborted) throw new KheadersPackError('E_ABORTED', {});
    await commitAll(opened);
    return result;
  } catch (error) {
    for (const sink of opened) await sink.discard();
    throw error;
  }
}

/**
 * The same sink, whose writes give up when the signal fires: a reader that never reads must not hold up the caller. The
 * write itself cannot be taken back. It ends when the reader reads or goes away, and nothing here waits for it.
 */
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
