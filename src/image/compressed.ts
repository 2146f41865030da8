import { constants } from 'node:buffer';
import { promisify } from 'node:util';
import { gunzip } from 'node:zlib';
import { Decompress as ZstdDecoder } from 'fzstd';
import { withArchive } from '../archive/reading/open.js';
import { hasBytesAt, MAGIC } from '../bytes/magic.js';
import { KheadersPackError, systemCode } from '../errors.js';
import type { ReadingSettings } from '../model/reading.js';
import { hasHeaderMagic } from '../xz/streamHeader.js';
import { xxh64Low } from './xxh64.js';
import { type Frame, framesOf } from './zstdFrames.js';

/** How kernels and their modules are compressed, as far as we can undo it. */
export type Compression = 'gzip' | 'xz' | 'zstd';

/** Others that a kernel may be compressed with; only named. */
const UNSUPPORTED: readonly (readonly [name: string, magic: readonly number[]])[] = [
  ['bzip2', MAGIC.bzip2],
  ['lzma', MAGIC.lzma],
  ['lzo', MAGIC.lzo],
  ['lz4', MAGIC.lz4Legacy],
];

export function compressionOf(head: Uint8Array): Compression | null {
  if (hasBytesAt(head, 0, MAGIC.gzip)) return 'gzip';
  if (hasBytesAt(head, 0, MAGIC.zstd)) return 'zstd';
  return hasHeaderMagic(head) ? 'xz' : null;
}

/** The name of a compression that cannot be undone here, or null. */
export function unsupportedCompression(head: Uint8Array): string | null {
  return UNSUPPORTED.find(([, magic]) => hasBytesAt(head, 0, magic))?.[0] ?? null;
}

/**
 * Undoes a compression. The data may not be followed by anything, but for gzip, which says itself where it ends.
 *
 * @param reading how an .xz file is read, whatever its source
 * @throws KheadersPackError `E_IMAGE` when the data are damaged; `E_MEMORY_LIMIT`; `E_BAD_XZ` and others for .xz
 */
export async function decompress(
  compression: Compression,
  data: Uint8Array,
  name: string,
  reading: ReadingSettings,
): Promise<Uint8Array> {
  switch (compression) {
    case 'gzip':
      return decompressGzip(data, name, reading.memoryLimit);
    case 'zstd':
      return decompressZstd(data, name, reading.memoryLimit);
    case 'xz':
      return decompressXz(data, name, reading);
  }
}

async function decompressGzip(data: Uint8Array, name: string, limit: number): Promise<Uint8Array> {
  try {
    return await promisify(gunzip)(data, { maxOutputLength: Math.min(limit, constants.MAX_LENGTH) });
  } catch (error) {
    if (systemCode(error) === 'ERR_BUFFER_TOO_LARGE') throw tooLarge(name, limit + 1, limit);
    return damaged(name, 'gzip', error);
  }
}

function decompressZstd(data: Uint8Array, name: string, limit: number): Uint8Array {
  const contents: Uint8Array[] = [];
  let room = limit;
  try {
    for (const frame of framesOf(data)) {
      if (frame.window > limit) throw tooLarge(name, frame.window, limit);
      const content = decodeFrame(frame, size => {
        room -= size;
        if (room < 0) throw tooLarge(name, limit - room, limit);
      });
      contents.push(content);
    }
  } catch (error) {
    return damaged(name, 'zstd', error);
  }
  const [only] = contents;
  return only !== undefined && contents.length === 1 ? only : Buffer.concat(contents);
}

/**
 * The content of a frame. The decoder passes over its checksum.
 *
 * @param taken told of the bytes that are decoded, as they are
 */
function decodeFrame({ bytes, checksum }: Frame, taken: (size: number) => void): Uint8Array {
  const pieces: Uint8Array[] = [];
  const stream = new ZstdDecoder(piece => {
    taken(piece.length);
    pieces.push(piece);
  });
  stream.push(bytes, true);
  const content = Buffer.concat(pieces);
  if (checksum !== null && checksum !== xxh64Low(content))
    throw new Error('the checksum of a frame does not match its content');
  return content;
}

function tooLarge(path: string, needed: number, limit: number): KheadersPackError {
  return new KheadersPackError('E_MEMORY_LIMIT', { path, needed, limit });
}

async function decompressXz(data: Uint8Array, name: string, reading: ReadingSettings): Promise<Uint8Array> {
  return withArchive({ ...reading, source: { kind: 'bytes', bytes: data, name } }, async archive => {
    const size = archive.container?.uncompressedSize ?? 0;
    if (size > reading.memoryLimit) throw tooLarge(name, size, reading.memoryLimit);
    const pieces: Uint8Array[] = [];
    for await (const piece of archive.read()) pieces.push(piece);
    return Buffer.concat(pieces);
  });
}

function damaged(name: string, compression: Compression, cause: unknown): never {
  if (cause instanceof KheadersPackError) throw cause;
  const reason = `its ${compression} data are damaged: ${cause instanceof Error ? cause.message : cause}`;
  throw new KheadersPackError('E_IMAGE', { path: name, reason }, { cause });
}
