import type { Readable } from 'node:stream';
import { withArchive } from '../../src/archive/reading/open.js';
import { gatherEnvironment } from '../../src/settings/environment.js';
import { resolveReading } from '../../src/settings/reading.js';

/** What an .xz file holds, as our own reader gives it, all Checks verified. */
export function decoded(archive: string | Readable): Promise<Buffer> {
  return withArchive(resolveReading({ archive, jobs: 1 }, gatherEnvironment()), async opened => {
    const pieces: Uint8Array[] = [];
    for await (const piece of opened.read()) pieces.push(piece);
    return Buffer.concat(pieces);
  });
}
