import { pipeline, type Readable, Transform } from 'node:stream';
import type { Sized } from '../../model/archiveIndex.js';
import type { Manifest } from '../../model/manifest.js';
import { rangeOfBlock } from '../reading/indexArchive.js';
import type { OpenArchive } from '../reading/open.js';
import { RangeHasher } from '../reading/rangeHasher.js';

/**
 * The digests of an archive's own bytes, for a manifest: of all of them and of each Block that it names. A file is read
 * for that on its own; a pipe is listened to while it is decoded.
 */
export class RawDigests {
  readonly #hasher: RangeHasher;

  constructor(manifest: Manifest) {
    this.#hasher = new RangeHasher(manifest.blocks.map(rangeOfBlock));
  }

  /** The same bytes from a readable that is listened to. */
  listenTo(readable: Readable): Readable {
    const listened = new Transform({
      transform: (bytes: Uint8Array, _encoding, done) => {
        this.#hasher.update(bytes);
        done(null, bytes);
      },
    });
    // Each of them takes the other along when it fails or is destroyed; who reads is told by what is read.
    pipeline(readable, listened, () => undefined);
    return listened;
  }

  async readFile(archive: OpenArchive): Promise<void> {
    const { container } = archive;
    if (container === null) return;
    for await (const bytes of archive.rawRange(0, container.compressedSize)) this.#hasher.update(bytes);
  }

  /** Digests of the Blocks that were there whole, in the manifest's order. */
  get blocks(): readonly string[] {
    return this.#hasher.digests;
  }

  /** Once only. */
  whole(): Sized {
    return this.#hasher.whole();
  }
}
