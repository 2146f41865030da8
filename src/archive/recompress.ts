import { once } from 'node:events';
import { createReadStream, statSync } from 'node:fs';
import type { Readable } from 'node:stream';
import { ByteQueue } from '../bytes/byteQueue.js';
import type { PackCache } from '../cache/packCache.js';
import { type ErrorFacts, KheadersPackError, systemCode, systemReason } from '../errors.js';
import { codecNamed } from '../lzma/codec.js';
import type { RecompressSettings } from '../model/settings.js';
import type { PackSummary } from '../model/summary.js';
import { Splitter } from '../plan/split.js';
import { withPool } from '../pool/pool.js';
import type { BlockInput } from '../pool/protocol.js';
import { standardInput } from '../settings/environment.js';
import { resolveMemoryLimit } from '../settings/reading.js';
import { BoundaryFinder } from '../tar/boundaries.js';
import { TarFault } from '../tar/fault.js';
import { HEADER_MAGIC_SIZE, hasHeaderMagic } from '../xz/streamHeader.js';
import { compressStream } from './compress.js';
import { formatBySignature, SIGNATURE_SIZE } from './reading/otherFormat.js';
import { PipedArchive } from './reading/pipedArchive.js';
import { readablePieces } from './reading/readable.js';
import { StageClock } from './stages.js';
import { summarise } from './summary.js';
import { traceFor } from './trace.js';
import { withSinks, writeStream } from './write.js';

const READ_SIZE = 2 ** 18;

/** Compresses an existing tar again, its bytes preserved, with the same cut into Blocks that packing its tree gives. */
export async function recompress(settings: RecompressSettings, cache: PackCache): Promise<PackSummary> {
  const { content, execution } = settings;
  const clock = new StageClock();
  return withPool(execution.jobs, async pool => {
    const counts = { entries: 0 };
    const written = await withSinks(execution, async sinks => {
      const trace = traceFor(sinks.trace, pool);
      const archive = trace.watch(sinks.archive);
      const all = await clock.time('compress', () => {
        const input = openTar(execution);
        const { max } = codecNamed(content.encoding.codec.name).blockSize;
        const inputs = blocksOf(input.tar, execution.tar, content.blockSize, max, counts);
        const blocks = compressStream(inputs, content, execution, input.size, pool, cache.blocks);
        return writeStream(blocks, content.encoding.check, archive);
      });
      await trace.write(pool.jobs, clock);
      return all;
    });
    await cache.close();
    return summarise(settings, clock, pool, cache, written, {
      files: { entries: counts.entries, regular: 0, hardLinks: 0, symbolicLinks: 0, directories: 0 },
      bytes: { raw: 0, stripped: 0, deduplicated: 0, tar: written.tarSize, archive: written.size },
      memoryBound: null,
    });
  });
}

interface TarSource {
  readonly tar: AsyncIterable<Uint8Array>;
  /** Bytes of the tar where they are known beforehand. */
  readonly size: number | null;
}

function openTar(execution: RecompressSettings['execution']): TarSource {
  const { tar: path } = execution;
  return { tar: decompressed(execution), size: path.endsWith('.tar') ? sizeOf(path) : null };
}

function sizeOf(path: string): number | null {
  try {
    return statSync(path).size;
  } catch {
    return null;
  }
}

/**
 * The tar itself, whether the file holds it plain or in .xz. It is opened with the first read: an error of a stream that
 * nobody listens to yet would end the process.
 */
async function* decompressed(execution: RecompressSettings['execution']): AsyncGenerator<Uint8Array, void, undefined> {
  const { tar: path, signal, onNotice } = execution;
  const readable = path === '-' ? standardInput() : createReadStream(path, { highWaterMark: READ_SIZE });
  const head = await firstBytes(readable, HEADER_MAGIC_SIZE, signal);
  readable.unshift(head);
  if (!hasHeaderMagic(head)) return yield* readablePieces(readable, nameOf(path), signal);
  // Decoding takes a fiftieth of what encoding does: this thread has the time.
  const archive = new PipedArchive(readable, nameOf(path), {
    source: { kind: 'readable', readable, name: nameOf(path) },
    jobs: 1,
    memoryLimit: resolveMemoryLimit(undefined),
    signal,
    onNotice,
    onProgress: () => undefined,
  });
  try {
    yield* archive.read();
  } finally {
    await archive.close();
  }
}

/** Reads until `size` bytes are there, or all that there are. @throws KheadersPackError `E_ABORTED` */
async function firstBytes(readable: Readable, size: number, signal: AbortSignal): Promise<Buffer> {
  let head = Buffer.alloc(0);
  while (head.length < size) {
    const chunk: Buffer | null = readable.read();
    if (chunk !== null) head = Buffer.concat([head, chunk]);
    else if (readable.readableEnded || !(await hasMore(readable, signal))) break;
  }
  return head;
}

async function hasMore(readable: Readable, signal: AbortSignal): Promise<boolean> {
  const found = new AbortController();
  const heard = { signal: AbortSignal.any([found.signal, signal]) };
  const ends = ['end', 'close'].map(event => once(readable, event, heard).then(() => false));
  try {
    return await Promise.race([once(readable, 'readable', heard).then(() => true), ...ends]);
  } catch (error) {
    if (!signal.aborted) throw error;
    readable.destroy();
    throw new KheadersPackError('E_ABORTED', {});
  } finally {
    // The losers' rejections have been taken by the race.
    found.abort();
  }
}

/**
 * The tar cut into Blocks. What follows its last entry, zeros as a rule, is the last of them, or several, should it be more
 * than the codec's largest Block: no more than that is held.
 */
async function* blocksOf(
  tar: AsyncIterable<Uint8Array>,
  path: string,
  blockSize: number,
  blockSizeMax: number,
  counts: { entries: number },
): AsyncGenerator<BlockInput, void, undefined> {
  const finder = new BoundaryFinder();
  const splitter = new Splitter(blockSize);
  const queue = new ByteQueue();
  const sizes: number[] = [];
  const taken = (size: number): BlockInput => ({ kind: 'bytes', pieces: queue.takePieces(size), size });
  const ready = function* (): Generator<BlockInput, void, undefined> {
    for (let size = sizes[0]; size !== undefined && size <= queue.length; size = sizes[0]) {
      sizes.shift();
      yield taken(size);
    }
    if (finder.hasEnded) while (queue.length >= blockSizeMax) yield taken(blockSizeMax);
  };
  const note = (): void => {
    for (const { name, size } of finder.take()) {
      counts.entries++;
      for (const block of splitter.add(name, size)) sizes.push(block.size);
    }
    if (!finder.hasEnded) return;
    if (counts.entries === 0) throw new Error('it holds no entry');
    for (const block of splitter.end()) sizes.push(block.size);
  };
  let head = Buffer.alloc(0);
  try {
    for await (const chunk of tar) {
      if (head.length < SIGNATURE_SIZE) head = Buffer.concat([head, chunk.subarray(0, SIGNATURE_SIZE)]);
      finder.push(chunk);
      queue.push(chunk);
      note();
      yield* ready();
    }
    finder.finish();
  } catch (error) {
    throw tarError(path, error, counts.entries === 0 ? formatBySignature(head) : null);
  }
  if (queue.length > 0) yield taken(queue.length);
}

/** @param found what there is instead of a tar; null where it is not known */
function tarError(path: string, error: unknown, found: string | null): KheadersPackError {
  const name = nameOf(path);
  if (error instanceof KheadersPackError) return inputError(name, error);
  const code = systemCode(error);
  if (code.startsWith('E') && !code.startsWith('ERR_')) {
    return new KheadersPackError('E_READ', { path: name, reason: systemReason(error) }, { cause: error });
  }
  if (found !== null) {
    const reason = `expected a tar, plain or in .xz, found ${found}`;
    return new KheadersPackError('E_TAR', { path: name, reason }, { cause: error });
  }
  const where = error instanceof TarFault ? `at byte ${error.offset} of the tar; ` : '';
  const reason = `${systemReason(error)} (${where}expected a whole tar, plain or in .xz)`;
  return new KheadersPackError('E_TAR', { path: name, reason }, { cause: error });
}

/** Damage of the input is trouble for who packs, and no answer about an archive. */
function inputError(name: string, error: KheadersPackError): KheadersPackError {
  if (error.code !== 'E_BAD_XZ') return error;
  const { reason, offset } = error.facts as ErrorFacts['E_BAD_XZ'];
  const damage = reason.startsWith('the .xz data') ? reason : `the .xz data are damaged: ${reason}`;
  return new KheadersPackError('E_TAR', { path: name, reason: `${damage} (at byte ${offset})` }, { cause: error });
}

function nameOf(path: string): string {
  return path === '-' ? 'standard input' : path;
}
