import type { Readable } from 'node:stream';
import type { Progress } from './progress.js';

/** Where an archive is read from. A file may be read at any place and by several readers; a readable once, from its start. */
export type ArchiveSource =
  | { readonly kind: 'file'; readonly path: string }
  | { readonly kind: 'bytes'; readonly bytes: Uint8Array; readonly name: string }
  | { readonly kind: 'readable'; readonly readable: Readable; readonly name: string };

/** How an archive is read. Nothing here changes what is found in it. */
export interface ReadingSettings {
  readonly source: ArchiveSource;
  /** Worker threads, at least 1. */
  readonly jobs: number;
  /** Bytes that decoding may take: dictionaries and Blocks under way. */
  readonly memoryLimit: number;
  readonly signal: AbortSignal;
  readonly onProgress: (progress: Progress) => void;
  readonly onNotice: (notice: string) => void;
}
