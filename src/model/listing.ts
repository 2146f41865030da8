import type { TarFormat } from './tarEntry.js';

/** An entry as `list` gives it. A path is UTF-8 text; where its bytes are not UTF-8 it is escaped and the base64 beside it has them. */
export interface ListedEntry {
  readonly path: string;
  readonly pathBase64?: string;
  readonly kind: ListedKind;
  /** The typeflag itself: one character. */
  readonly typeflag: string;
  readonly mode: number;
  readonly uid: number;
  readonly gid: number;
  readonly uname: string;
  readonly gname: string;
  /** Bytes of content. */
  readonly size: number;
  /** Seconds since 1970, in pax with a fraction. */
  readonly mtime: number;
  /** A link's target. */
  readonly target?: string;
  readonly targetBase64?: string;
  /** A device's numbers. */
  readonly devmajor?: number;
  readonly devminor?: number;
  readonly format: TarFormat;
  /** Offset in the tar of the entry's first header, and of its content. */
  readonly offset: number;
  readonly contentOffset: number;
}

export type ListedKind =
  | 'regular'
  | 'hardlink'
  | 'symlink'
  | 'character device'
  | 'block device'
  | 'directory'
  | 'FIFO'
  | 'sparse file'
  | 'label'
  | 'continuation'
  | 'unknown';
