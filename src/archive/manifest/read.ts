import { open } from 'node:fs/promises';
import { KheadersPackError, systemReason } from '../../errors.js';
import type { Manifest } from '../../model/manifest.js';
import { parseManifest } from './parse.js';

/** Bytes; a whole kernel tree's manifest has some 12 MiB. */
const SIZE_MAX = 256 * 2 ** 20;

/**
 * Reads a manifest from a file.
 *
 * @throws KheadersPackError `E_READ`, `E_MANIFEST`
 */
export async function readManifest(path: string): Promise<Manifest> {
  return parseManifest(await readLimited(path), path);
}

/** Reads no more than the limit, whatever the file's size says: it may be a device or a FIFO. */
async function readLimited(path: string): Promise<string> {
  const pieces: Buffer[] = [];
  let size = 0;
  try {
    const file = await open(path, 'r');
    for await (const piece of file.createReadStream() as AsyncIterable<Buffer>) {
      size += piece.length;
      if (size > SIZE_MAX) break;
      pieces.push(piece);
    }
  } catch (error) {
    throw new KheadersPackError('E_READ', { path, reason: systemReason(error) }, { cause: error });
  }
  if (size > SIZE_MAX) {
    throw new KheadersPackError('E_MANIFEST', { path, reason: `it has more than ${SIZE_MAX} bytes` });
  }
  return Buffer.concat(pieces).toString('utf8');
}
