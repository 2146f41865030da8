import { resolve as resolvePath } from 'node:path';
import { Readable } from 'node:stream';
import { formatSize, parseSize } from '../bytes/size.js';
import { KheadersPackError, systemReason } from '../errors.js';
import type { Progress } from '../model/progress.js';
import type { ArchiveSource, ReadingSettings } from '../model/reading.js';
import type { Environment } from './environment.js';
import { resolveJobs } from './jobs.js';
import { AMOUNT, ARCHIVE, CALLBACK, isReadable, type Kinds, requireKind, SIGNAL } from './kinds.js';

const MIB = 2 ** 20;
/**
 * Room for a dictionary of 128 MiB with the buffers around it, and for as many Blocks of `xz -T` (24 MiB) as keep eight
 * threads busy; at least what the smallest Block needs.
 */
const MEMORY_LIMIT = { default: 512 * MIB, min: 2 * MIB } as const;

/** A readable in messages. */
const GIVEN = 'the given readable';

/** An archive in memory. */
export interface NamedBytes {
  readonly name: string;
  readonly bytes: Uint8Array;
}

/** What a caller or a command line may say about reading an archive. */
export interface ReadingOptions {
  /**
   * A path, `-` for standard input, a stream of Node's or the web's (`response.body`) or whatever else gives bytes as time
   * goes, or bytes with a name for messages, such as `findArchive` gives.
   */
  archive: string | AsyncIterable<Uint8Array> | NamedBytes;
  /** Worker threads. Default: the processors that this process may use. */
  jobs?: string | number | undefined;
  /** Memory that decoding may take, in bytes or as `512MiB`. Default: 512 MiB. */
  memoryLimit?: string | number | undefined;
  signal?: AbortSignal | undefined;
  /** Called often. */
  onProgress?: ((progress: Progress) => void) | undefined;
  /** Called with what a person should know: a Check that cannot be verified. */
  onNotice?: ((notice: string) => void) | undefined;
}

/** Of options beside an archive that is given by itself. */
export const DECODING_KINDS: Kinds<Omit<ReadingOptions, 'archive'>> = {
  jobs: AMOUNT,
  memoryLimit: AMOUNT,
  signal: SIGNAL,
  onProgress: CALLBACK,
  onNotice: CALLBACK,
};
export const READING_KINDS: Kinds<ReadingOptions> = { archive: ARCHIVE, ...DECODING_KINDS };

/**
 * The one way from what was said to what is known.
 *
 * @throws KheadersPackError `E_OPTION_VALUE`, `E_READ` for a stream that has another reader
 */
export function resolveReading(options: ReadingOptions, environment: Environment): ReadingSettings {
  return {
    source: resolveSource(options.archive, environment),
    jobs: resolveJobs(options.jobs, environment),
    memoryLimit: resolveMemoryLimit(options.memoryLimit),
    signal: options.signal ?? new AbortController().signal,
    onProgress: options.onProgress ?? (() => undefined),
    onNotice: options.onNotice ?? (() => undefined),
  };
}

function resolveSource(archive: ReadingOptions['archive'], environment: Environment): ArchiveSource {
  requireKind('ARCHIVE', archive, ARCHIVE);
  if (typeof archive !== 'string') {
    if (!(Symbol.asyncIterator in archive)) return { kind: 'bytes', ...archive };
    return { kind: 'readable', readable: readableOf(archive), name: GIVEN };
  }
  if (archive === '-') {
    return { kind: 'readable', readable: environment.standardInput(), name: 'standard input' };
  }
  if (archive === '') {
    throw new KheadersPackError('E_OPTION_VALUE', { option: 'ARCHIVE', value: '', expected: 'a file name, or -' });
  }
  return { kind: 'file', path: resolvePath(environment.workingDirectory, archive) };
}

/** A stream that has another reader, or had one, cannot be read. */
function readableOf(archive: AsyncIterable<Uint8Array>): Readable {
  if (isReadable(archive)) return archive;
  try {
    return archive instanceof ReadableStream ? Readable.fromWeb(archive) : Readable.from(archive);
  } catch (error) {
    throw new KheadersPackError('E_READ', { path: GIVEN, reason: systemReason(error) }, { cause: error });
  }
}

/** Memory that decoding may take where nothing was said. */
export function resolveMemoryLimit(given: string | number | undefined): number {
  if (given === undefined) return MEMORY_LIMIT.default;
  const size = parseSize(String(given));
  if (size !== undefined && size >= MEMORY_LIMIT.min) return size;
  throw new KheadersPackError('E_OPTION_VALUE', {
    option: '--memory-limit',
    value: String(given),
    expected: `a whole number of bytes, KiB, MiB, GiB or TiB, at least ${formatSize(MEMORY_LIMIT.min)}, such as 512MiB`,
  });
}
