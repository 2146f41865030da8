import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { loadLzmaNative } from './native.js';

/** Enough for a dictionary of 128 MiB, in bytes. */
const MEMORY_LIMIT = 192 * 2 ** 20;

/** liblzma's verdicts (`lzma_ret`) in plain words. */
const REASONS: Readonly<Record<string, string>> = {
  LZMA_BUF_ERROR: 'the .xz data end early, or garbage follows them',
  LZMA_DATA_ERROR: 'the .xz data are damaged',
  LZMA_FORMAT_ERROR: 'the .xz data are damaged, or garbage follows them',
  LZMA_OPTIONS_ERROR: 'the .xz data use features that are not supported',
  LZMA_MEMLIMIT_ERROR: 'the .xz data need a dictionary over 128 MiB, which is not supported',
};

/**
 * The decoded bytes of an .xz file, Checks verified, read in one direction.
 *
 * @throws Error when the file is damaged, cut short or not supported
 */
export async function* decodeXz(source: Readable): AsyncGenerator<Buffer, void, undefined> {
  const decoder = loadLzmaNative().createStream('streamDecoder', { memlimit: MEMORY_LIMIT });
  const done = pipeline(source, decoder);
  // The iteration below throws the same failure; this keeps it from being unhandled meanwhile.
  done.catch(() => undefined);
  try {
    for await (const chunk of decoder) yield chunk as Buffer;
    await done;
  } catch (error) {
    const reason = error instanceof Error ? REASONS[error.name] : undefined;
    throw reason === undefined ? error : new Error(reason, { cause: error });
  }
}
