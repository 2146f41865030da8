import { closeSync, constants, fstatSync, openSync, readSync } from 'node:fs';
import { type BytePath, printable, toBuffer } from '../bytes/bytePath.js';
import { formatBytes } from '../bytes/size.js';
import { KheadersPackError, systemCode, systemReason } from '../errors.js';

/** Node hashes no more at once, and reads no more. */
const SIZE_MAX = 2 ** 31 - 1;

/**
 * Reads a regular file whole, without following a symbolic link and without waiting on a FIFO.
 *
 * @param room gives a buffer of the size asked for, in bytes; the content is returned in it
 * @throws KheadersPackError `E_CHANGED` when it is no longer the regular file that was selected, `E_READ` when it
 * cannot be read, or has 2 GiB or more
 */
export function readRegular(location: BytePath, room: (size: number) => Uint8Array): Uint8Array {
  let descriptor: number | null = null;
  try {
    descriptor = openSync(toBuffer(location), constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
    const stats = fstatSync(descriptor);
    if (!stats.isFile()) throw changed(location);
    if (stats.size > SIZE_MAX) throw tooLarge(location, stats.size);
    return readWhole(descriptor, room(stats.size), location);
  } catch (error) {
    if (error instanceof KheadersPackError) throw error;
    if (['ENOENT', 'ELOOP', 'ENOTDIR', 'ENXIO'].includes(systemCode(error))) throw changed(location);
    const facts = { path: printable(location), reason: systemReason(error) };
    throw new KheadersPackError('E_READ', facts, { cause: error });
  } finally {
    if (descriptor !== null) closeSync(descriptor);
  }
}

function readWhole(descriptor: number, content: Uint8Array, location: BytePath): Uint8Array {
  let length = 0;
  while (length < content.length) {
    const count = readSync(descriptor, content, length, content.length - length, null);
    if (count === 0) throw changed(location);
    length += count;
  }
  return content;
}

function tooLarge(location: BytePath, size: number): KheadersPackError {
  const reason = `it has ${formatBytes(size)}, and a file of 2 GiB or more is not packed (leave it out with --exclude)`;
  return new KheadersPackError('E_READ', { path: printable(location), reason });
}

function changed(location: BytePath): KheadersPackError {
  return new KheadersPackError('E_CHANGED', { path: printable(location) });
}
