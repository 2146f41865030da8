import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { loadLzmaNative } from './native.js';

/** Enough for a dictionary of 128 MiB, in bytes. */
const MEMORY_LIMIT = 192 * 2 ** 20;

/** The decoded bytes of an .xz file, Checks verified, read in one direction. Rejects when the file is damaged or cut short. */
export async function* decodeXz(source: Readable): AsyncGenerator<Buffer, void, undefined> {
  const decoder = loadLzmaNative().createStream('streamDecoder', { memlimit: MEMORY_LIMIT });
  const done = pipeline(source, decoder);
  // The iteration below throws the same failure; this keeps it from being unhandled meanwhile.
  done.catch(() => undefined);
  for await (const chunk of decoder) yield chunk as Buffer;
  await done;
}
