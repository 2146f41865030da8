import type { Stats } from 'node:fs';
import type { FileHandle } from 'node:fs/promises';
import { KheadersPackError, systemReason } from '../../errors.js';
import { opened } from '../opened.js';
import { requireMemory } from './memory.js';

/** Bytes of one read where a range is read in pieces. */
const PIECE_SIZE = 2 ** 18;
/** Bytes that the system is asked for at once: Node cannot ask for 2 GiB. */
const READ_MAX = 2 ** 30;

/** Bytes that can be read at any place. */
export interface RandomAccess {
  /** For messages. */
  readonly path: string;
  readonly size: number;
  /** Bytes from..to (exclusive), in a buffer of their own. */
  read(from: number, to: number): Promise<Uint8Array>;
  /** The same in pieces. */
  pieces(from: number, to: number): AsyncGenerator<Uint8Array, void, undefined>;
}

/**
 * Bytes from..to (exclusive) that memory is needed for: a range is what somebody's bytes say it is.
 *
 * @throws KheadersPackError `E_READ`; `E_MEMORY_LIMIT` for more than `limit`
 */
export async function readWithin(file: RandomAccess, from: number, to: number, limit: number): Promise<Uint8Array> {
  requireMemory(file.path, to - from, limit);
  return file.read(from, to);
}

/** Bytes that are in memory. */
export class BytesInMemory implements RandomAccess {
  readonly path: string;
  readonly size: number;
  readonly #bytes: Uint8Array;

  constructor(path: string, bytes: Uint8Array) {
    this.path = path;
    this.size = bytes.length;
    // The slice of a Buffer would be no copy.
    this.#bytes = new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.length);
  }

  async read(from: number, to: number): Promise<Uint8Array> {
    return this.#bytes.slice(from, to);
  }

  async *pieces(from: number, to: number): AsyncGenerator<Uint8Array, void, undefined> {
    for (let at = from; at < to; at += PIECE_SIZE) yield await this.read(at, Math.min(to, at + PIECE_SIZE));
  }
}

/** An archive that can be read at any place. Its size is what it was when it was opened. */
export class ArchiveFile implements RandomAccess {
  readonly path: string;
  readonly size: number;
  readonly #handle: FileHandle;

  constructor(path: string, handle: FileHandle, size: number) {
    this.path = path;
    this.#handle = handle;
    this.size = size;
  }

  /**
   * Bytes from..to (exclusive), in a buffer of their own.
   *
   * @throws KheadersPackError `E_READ`, also when the file ends before `to`
   */
  async read(from: number, to: number): Promise<Uint8Array> {
    // A buffer of Buffer's pool could not be transferred.
    const bytes = new Uint8Array(to - from);
    let at = 0;
    while (at < bytes.length) {
      const { bytesRead } = await this.#handle
        .read(bytes, at, Math.min(bytes.length - at, READ_MAX), from + at)
        .catch(error => this.#fail(error));
      if (bytesRead === 0) return this.#fail(new Error('it became shorter while it was read'));
      at += bytesRead;
    }
    return bytes;
  }

  /** The same in pieces. */
  async *pieces(from: number, to: number): AsyncGenerator<Uint8Array, void, undefined> {
    for (let at = from; at < to; at += PIECE_SIZE) yield await this.read(at, Math.min(to, at + PIECE_SIZE));
  }

  close(): Promise<void> {
    return this.#handle.close();
  }

  #fail(error: unknown): never {
    throw readError(this.path, error);
  }
}

/** Opens a path, whatever it is but a directory. @throws KheadersPackError `E_READ`, `E_ABORTED` */
export async function openPath(path: string, signal: AbortSignal): Promise<{ handle: FileHandle; stats: Stats }> {
  let handle: FileHandle | undefined;
  try {
    handle = await opened(path, 'r', signal);
    const stats = await handle.stat();
    if (!stats.isDirectory()) return { handle, stats };
    throw new KheadersPackError('E_READ', { path, reason: 'is a directory, where an archive is expected' });
  } catch (error) {
    await handle?.close();
    throw readError(path, error);
  }
}

export function readError(path: string, error: unknown): KheadersPackError {
  if (error instanceof KheadersPackError) return error;
  return new KheadersPackError('E_READ', { path, reason: systemReason(error) }, { cause: error });
}
