import { closeSync, constants, fstatSync, openSync, readSync } from 'node:fs';
import { type BytePath, printable, toBuffer } from '../bytes/bytePath.js';
import { KheadersPackError, systemCode, systemReason } from '../errors.js';

/**
 * Reads a regular file whole, without following a symbolic link and without waiting on a FIFO.
 *
 * @throws KheadersPackError `E_CHANGED` when it is no longer the regular file that was selected, `E_READ` when it
 * cannot be read
 */
export function readRegular(location: BytePath): Uint8Array {
  let descriptor: number | null = null;
  try {
    descriptor = openSync(toBuffer(location), constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
    const stats = fstatSync(descriptor);
    if (!stats.isFile()) throw changed(location);
    return readWhole(descriptor, stats.size, location);
  } catch (error) {
    if (error instanceof KheadersPackError) throw error;
    if (['ENOENT', 'ELOOP', 'ENOTDIR', 'ENXIO'].includes(systemCode(error))) throw changed(location);
    const facts = { path: printable(location), reason: systemReason(error) };
    throw new KheadersPackError('E_READ', facts, { cause: error });
  } finally {
    if (descriptor !== null) closeSync(descriptor);
  }
}

function readWhole(descriptor: number, size: number, location: BytePath): Uint8Array {
  // Not from Buffer's pool and not cleared: every byte is read or the file has changed.
  const content = Buffer.allocUnsafeSlow(size);
  let length = 0;
  while (length < size) {
    const count = readSync(descriptor, content, length, size - length, null);
    if (count === 0) throw changed(location);
    length += count;
  }
  return content;
}

function changed(location: BytePath): KheadersPackError {
  return new KheadersPackError('E_CHANGED', { path: printable(location) });
}
