import { KheadersPackError } from '../../errors.js';
import type { Manifest } from '../../model/manifest.js';
import { opened } from '../opened.js';
import { readError } from '../reading/archiveFile.js';
import { readablePieces } from '../reading/readable.js';
import { parseManifest } from './parse.js';

/** Bytes; a whole kernel tree's manifest has some 12 MiB. */
const SIZE_MAX = 256 * 2 ** 20;

const NEVER = new AbortController().signal;

/**
 * Reads a manifest from a file.
 *
 * @throws KheadersPackError `E_READ`, `E_MANIFEST`, `E_ABORTED`
 */
export async function readManifest(path: string, signal: AbortSignal = NEVER): Promise<Manifest> {
  return parseManifest(await readLimited(path, signal), path);
}

/** Reads no more than the limit, whatever the file's size says: it may be a device or a FIFO. */
async function readLimited(path: string, signal: AbortSignal): Promise<string> {
  const pieces: Uint8Array[] = [];
  let size = 0;
  try {
    const file = await opened(path, 'r', signal);
    for await (const piece of readablePieces(file.createReadStream(), path, signal)) {
      size += piece.length;
      if (size > SIZE_MAX) break;
      pieces.push(piece);
    }
  } catch (error) {
    throw readError(path, error);
  }
  if (size > SIZE_MAX) {
    throw new KheadersPackError('E_MANIFEST', { path, reason: `it has more than ${SIZE_MAX} bytes` });
  }
  return Buffer.concat(pieces).toString('utf8');
}
