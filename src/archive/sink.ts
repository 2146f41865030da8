import { constants } from 'node:fs';
import { type FileHandle, open, realpath, rename, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { Writable } from 'node:stream';
import { isatty } from 'node:tty';
import { KheadersPackError, systemCode, systemReason } from '../errors.js';
import type { Output } from '../model/settings.js';
import { makeTemporary, removeTemporary } from './temporary.js';
import { forgetTemporary } from './temporaryFiles.js';

/**
 * Where an archive is written. Exactly one of `commit` and `discard` ends it.
 *
 * A file is written under a temporary name beside its target and renamed when it is whole and on the disk: until then
 * the old archive stays as it was, and after a failure or a signal nothing new is there. Devices and FIFOs are written
 * directly, and writables are the caller's.
 */
export interface Sink {
  write(bytes: Uint8Array): Promise<void>;
  commit(): Promise<void>;
  discard(): Promise<void>;
}

/** @throws KheadersPackError `E_WRITE` when the output cannot be opened */
export async function openSink(output: Output): Promise<Sink> {
  if (output.kind === 'writable') return writableSink(output.writable, output.name);
  try {
    const target = await resolveTarget(output.path);
    return target.isReplaced ? await replacingSink(target) : await directSink(output.path);
  } catch (error) {
    throw writeError(output.path, error);
  }
}

interface Target {
  readonly path: string;
  /** Whether a new file takes the target's place; devices and FIFOs are written to instead. */
  readonly isReplaced: boolean;
  /** Permission bits of the file that is replaced. */
  readonly mode: number | null;
}

/** Follows symbolic links, so that a link to an archive goes on pointing at the new one. */
async function resolveTarget(path: string): Promise<Target> {
  let stats: Awaited<ReturnType<typeof stat>>;
  try {
    stats = await stat(path);
  } catch (error) {
    if (systemCode(error) !== 'ENOENT') throw error;
    return { path, isReplaced: true, mode: null };
  }
  if (stats.isDirectory()) throw new KheadersPackError('E_WRITE', { path, reason: 'is a directory' });
  if (!stats.isFile()) return { path, isReplaced: false, mode: null };
  return { path: await realpath(path), isReplaced: true, mode: stats.mode & 0o777 };
}

async function replacingSink(target: Target): Promise<Sink> {
  const temporary = makeTemporary(target.path);
  const file = await open(temporary, constants.O_WRONLY).catch(error => {
    removeTemporary(temporary);
    throw error;
  });
  const discard = async (): Promise<void> => {
    await file.close().catch(() => undefined);
    removeTemporary(temporary);
  };
  return {
    write: bytes => writeTo(file, bytes, target.path),
    async commit() {
      try {
        if (target.mode !== null) await file.chmod(target.mode);
        await file.sync();
        await file.close();
        await rename(temporary, target.path);
        forgetTemporary(temporary);
        await syncDirectory(dirname(target.path));
      } catch (error) {
        throw writeError(target.path, error);
      }
    },
    discard,
  };
}

async function directSink(path: string): Promise<Sink> {
  const file = await open(path, 'w');
  if (isatty(file.fd)) {
    await file.close();
    throw new KheadersPackError('E_TERMINAL', {});
  }
  return {
    write: bytes => writeTo(file, bytes, path),
    commit: () => file.close(),
    discard: () => file.close().catch(() => undefined),
  };
}

function writableSink(writable: Writable, name: string): Sink {
  // Errors also reach the callback of a write; this listener keeps them from ending the process.
  const ignore = (): void => undefined;
  writable.on('error', ignore);
  const release = async (): Promise<void> => {
    // The stream reports a failed write after its callback, so the listener has to outlive this turn.
    setImmediate(() => writable.off('error', ignore));
  };
  return {
    write: bytes =>
      new Promise((resolve, reject) => {
        // A writable that is destroyed may never answer the write under way.
        const closed = (): void => reject(new KheadersPackError('E_PIPE', {}));
        writable.once('close', closed);
        writable.write(bytes, error => {
          writable.off('close', closed);
          return error ? reject(writeError(name, error)) : resolve();
        });
      }),
    commit: release,
    discard: release,
  };
}

async function writeTo(file: FileHandle, bytes: Uint8Array, path: string): Promise<void> {
  try {
    await file.writeFile(bytes);
  } catch (error) {
    throw writeError(path, error);
  }
}

/** Makes the rename itself last. Some file systems cannot; the archive is whole there all the same. */
async function syncDirectory(path: string): Promise<void> {
  const directory = await open(path, 'r');
  try {
    await directory.sync().catch(() => undefined);
  } finally {
    await directory.close();
  }
}

function writeError(path: string, error: unknown): KheadersPackError {
  if (error instanceof KheadersPackError) return error;
  if (['EPIPE', 'ERR_STREAM_DESTROYED', 'ERR_STREAM_WRITE_AFTER_END'].includes(systemCode(error))) {
    return new KheadersPackError('E_PIPE', {}, { cause: error });
  }
  return new KheadersPackError('E_WRITE', { path, reason: systemReason(error) }, { cause: error });
}
