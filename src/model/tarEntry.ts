import type { BytePath } from '../bytes/bytePath.js';

/** An entry of a tar as it was read, whatever wrote it. Nothing in it can be trusted: see `archive/extract/`. */
export interface TarEntry {
  /** The member's name as stored, from `L` entries and pax records too; not normalised. */
  readonly name: BytePath;
  /** One character; `\0` of old archives reads as `0`. */
  readonly typeflag: string;
  /** Permission bits with setuid, setgid and sticky: 0 to 0o7777. */
  readonly mode: number;
  readonly uid: number;
  readonly gid: number;
  readonly uname: BytePath;
  readonly gname: BytePath;
  /** Bytes of content. */
  readonly size: number;
  /**
   * Seconds since 1970, in pax with a fraction, to a quarter of a microsecond; may be negative or, in pax and base-256, beyond
   * eleven octal digits.
   */
  readonly mtime: number;
  /** The link's target, or the empty path. */
  readonly linkname: BytePath;
  /** A device's numbers; 0 of all that is none. */
  readonly devmajor: number;
  readonly devminor: number;
  readonly format: TarFormat;
  /** Offset in the tar of its first header byte, `K`, `L` and pax entries included. */
  readonly offset: number;
  /** Offset of its content. */
  readonly contentOffset: number;
}

export type TarFormat = 'v7' | 'ustar' | 'pax' | 'gnu';
