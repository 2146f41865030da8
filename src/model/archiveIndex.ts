import type { BlockHeader, Container } from './container.js';
import type { TarEntry } from './tarEntry.js';

/** What was found in an archive, without contents: what a comparison works on. Digests are SHA-256 in hexadecimal. */
export interface ArchiveIndex {
  /** Printable, for messages. */
  readonly name: string;
  readonly file: Sized;
  readonly container: Container;
  /** Of each Block's bytes in the file, Block Padding and Check included. */
  readonly blockDigests: readonly string[];
  /** The first Block's; null where there is no Block. */
  readonly firstBlock: FirstBlock | null;
  readonly tar: Sized;
  readonly entries: readonly IndexedEntry[];
}

export interface Sized {
  readonly size: number;
  readonly sha256: string;
}

/** How the first Block was encoded, as far as it says. */
export interface FirstBlock {
  readonly header: BlockHeader;
  /** From its first LZMA chunk; null where there is none. */
  readonly literals: { readonly lc: number; readonly lp: number; readonly pb: number } | null;
  /** The name of the codec whose chunks end like its first one; null where none's do. */
  readonly codec: string | null;
}

export interface IndexedEntry extends TarEntry {
  /** Of the content; null for links and directories, which have none. */
  readonly sha256: string | null;
}
