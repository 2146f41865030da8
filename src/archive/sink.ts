import { constants, linkSync, renameSync, rmSync } from 'node:fs';
import { type FileHandle, open, realpath, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { Writable } from 'node:stream';
import { isatty } from 'node:tty';
import { release } from '../bytes/releasable.js';
import { KheadersPackError, systemCode, systemReason } from '../errors.js';
import type { Output } from '../model/settings.js';
import { leadsTo } from '../tree/leadsTo.js';
import { opened } from './opened.js';
import { makeTemporary, removeAbandoned, removeTemporary } from './temporary.js';
import { forgetTemporary, noteTemporary } from './temporaryFiles.js';

/**
 * Where an archive is written. Exactly one of `commitAll` and `discard` ends it.
 *
 * A file is written under a temporary name beside its target and renamed when it is whole and on the disk: until then
 * the old archive stays as it was, and after a failure or a signal nothing new is there. Devices and FIFOs are written
 * directly, and writables are the caller's.
 */
export interface Sink {
  /** The bytes are the sink's from the call on. A file's are given back as soon as they are written. */
  write(bytes: Uint8Array): Promise<void>;
  /** Does all that can fail while nothing has its final name yet: permissions, fsync, close. */
  seal(): Promise<void>;
  /** Gives what is sealed its final name. Synchronous, so that several take theirs in one turn. */
  place(old: 'kept' | 'gone'): Placed;
  /** Does not wait for a write under way to a device, a FIFO or a writable: nobody can say when that ends. */
  discard(): Promise<void>;
}

/** What has its final name. Exactly one of the two ends it. */
export interface Placed {
  /** Puts back what was there before, where the old file was kept and its file system has hard links. */
  undo(): void;
  /** Lets go of what was there before, and makes the new name last. */
  settle(): Promise<void>;
}

/** Where there is nothing to place: the bytes are where they belong already. */
const IN_PLACE: Placed = { undo: () => undefined, settle: async () => undefined };

/**
 * Makes outputs that belong together final: all of them, or none. They take their names in the order given, in one turn:
 * no signal handler runs in between, and one that cannot takes the others back, as far as they can be. A process killed
 * outright or a machine that stops at that very moment may leave the first without the second; a manifest's digest then
 * shows it.
 *
 * @throws KheadersPackError `E_WRITE`
 */
export async function commitAll(sinks: readonly Sink[]): Promise<void> {
  for (const sink of sinks) await sink.seal();
  const placed: Placed[] = [];
  try {
    for (const sink of sinks) placed.push(sink.place(sinks.length > 1 ? 'kept' : 'gone'));
  } catch (error) {
    for (const each of placed.toReversed()) {
      try {
        each.undo();
      } catch {
        // The others are worth a try, and what came first is what is told.
      }
    }
    throw error;
  }
  for (const each of placed) await each.settle();
}

/**
 * @param signal ends the wait for the reader of a FIFO
 * @throws KheadersPackError `E_WRITE` when the output cannot be opened, `E_ABORTED`
 */
export async function openSink(output: Output, signal: AbortSignal): Promise<Sink> {
  if (output.kind === 'writable') return writableSink(output.writable, output.name);
  try {
    const target = await resolveTarget(output.path);
    return target.isReplaced ? await replacingSink(target) : await directSink(output.path, signal);
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

/** Follows symbolic links, so that a link to an archive, old or still to be made, goes on pointing at the new one. */
async function resolveTarget(path: string): Promise<Target> {
  let stats: Awaited<ReturnType<typeof stat>>;
  try {
    stats = await stat(path);
  } catch (error) {
    if (systemCode(error) !== 'ENOENT') throw error;
    return { path: leadsTo(path), isReplaced: true, mode: null };
  }
  if (stats.isDirectory()) throw new KheadersPackError('E_WRITE', { path, reason: 'is a directory' });
  if (!stats.isFile()) return { path, isReplaced: false, mode: null };
  return { path: await realpath(path), isReplaced: true, mode: stats.mode & 0o777 };
}

async function replacingSink(target: Target): Promise<Sink> {
  removeAbandoned(target.path);
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
    async seal() {
      try {
        if (target.mode !== null) await file.chmod(target.mode);
        await file.sync();
        await file.close();
      } catch (error) {
        throw writeError(target.path, error);
      }
    },
    place(old) {
      const kept = old === 'kept' ? keepOld(target, `${temporary}.old`) : NOTHING_KEPT;
      try {
        renameSync(temporary, target.path);
        forgetTemporary(temporary);
      } catch (error) {
        kept.forget();
        throw writeError(target.path, error);
      }
      return {
        undo: kept.restore,
        settle: async () => {
          kept.forget();
          await syncDirectory(dirname(target.path));
        },
      };
    },
    discard,
  };
}

/** What was there before a new file took its place. */
interface Kept {
  restore(): void;
  forget(): void;
}

const NOTHING_KEPT: Kept = { restore: () => undefined, forget: () => undefined };

/** Keeps the old file under another name. Without hard links it cannot be kept; then there is no way back. */
function keepOld(target: Target, name: string): Kept {
  try {
    linkSync(target.path, name);
  } catch (error) {
    return systemCode(error) === 'ENOENT'
      ? { restore: () => rmSync(target.path, { force: true }), forget: () => undefined }
      : NOTHING_KEPT;
  }
  noteTemporary(name);
  return {
    restore: () => {
      renameSync(name, target.path);
      forgetTemporary(name);
    },
    forget: () => removeTemporary(name),
  };
}

async function directSink(path: string, signal: AbortSignal): Promise<Sink> {
  const file = await opened(path, 'w', signal);
  if (isatty(file.fd)) {
    await file.close();
    throw new KheadersPackError('E_TERMINAL', { option: '-o FILE' });
  }
  return {
    write: bytes => writeTo(file, bytes, path),
    seal: () => file.close(),
    place: () => IN_PLACE,
    discard: async () => {
      // Not waited for: it waits for a write under way, which a FIFO's reader may never let end.
      file.close().catch(() => undefined);
    },
  };
}

function writableSink(writable: Writable, name: string): Sink {
  // Errors also reach the callback of a write; this listener keeps them from ending the process.
  const ignore = (): void => undefined;
  listen(writable, 'error', ignore);
  const release = async (): Promise<void> => {
    // The stream reports a failed write after its callback, so the listener has to outlive this turn.
    setImmediate(() => writable.off('error', ignore));
  };
  return {
    write: bytes =>
      new Promise((resolve, reject) => {
        // A writable that is destroyed may never answer the write under way.
        const closed = (): void => reject(new KheadersPackError('E_PIPE', {}));
        listen(writable, 'close', closed);
        writable.write(bytes, error => {
          writable.off('close', closed);
          return error ? reject(writeError(name, error)) : resolve();
        });
      }),
    seal: release,
    place: () => IN_PLACE,
    discard: release,
  };
}

/** Each thread's standard output leads into the process's, with listeners of its own there: that they are many is no leak. */
function listen(writable: Writable, event: 'close' | 'error', listener: () => void): void {
  const most = writable.getMaxListeners();
  writable.setMaxListeners(Number.POSITIVE_INFINITY);
  writable.on(event, listener);
  writable.setMaxListeners(most);
}

async function writeTo(file: FileHandle, bytes: Uint8Array, path: string): Promise<void> {
  try {
    await file.writeFile(bytes);
  } catch (error) {
    throw writeError(path, error);
  } finally {
    release(bytes);
  }
}

/** Makes the rename itself last. Some file systems cannot; the archive is whole there all the same. */
async function syncDirectory(path: string): Promise<void> {
  const directory = await open(path, 'r').catch(() => null);
  await directory?.sync().catch(() => undefined);
  await directory?.close().catch(() => undefined);
}

function writeError(path: string, error: unknown): KheadersPackError {
  if (error instanceof KheadersPackError) return error;
  if (['EPIPE', 'ERR_STREAM_DESTROYED', 'ERR_STREAM_WRITE_AFTER_END'].includes(systemCode(error))) {
    return new KheadersPackError('E_PIPE', {}, { cause: error });
  }
  return new KheadersPackError('E_WRITE', { path, reason: systemReason(error) }, { cause: error });
}
