import type { CompressionSettings, Order, Profile, StripMode } from './settings.js';

/**
 * What an archive holds and what its bytes depend on, beside the archive and never inside it. It is a function of the
 * same things as the archive, and of the files as they are on disk. Within one `schema` number, fields are only added.
 * Digests are SHA-256 in hexadecimal, sizes and offsets bytes. A path is UTF-8 text; where its bytes are not UTF-8 it is
 * escaped and `pathBase64` beside it has them. As text it is canonical JSON (`bytes/canonicalJson.ts`) and a newline.
 */
export interface Manifest {
  readonly schema: 'kheaders-pack/manifest/1';
  readonly tool: { readonly name: string; readonly version: string };
  /** The version of the archive format. */
  readonly formatVersion: number;
  /** The resolved content settings, codec and its version included: with the same tree they give the same archive. */
  readonly settings: ManifestSettings;
  readonly archive: { readonly size: number; readonly sha256: string };
  /** The last Block is the end of the archive, zeros. */
  readonly tar: { readonly size: number };
  readonly blocks: readonly ManifestBlock[];
  /** In the archive's order. */
  readonly entries: readonly ManifestEntry[];
}

export interface ManifestSettings extends CompressionSettings {
  readonly kernels: readonly { readonly name: string; readonly srcarch: string }[];
  readonly profile: Profile;
  /** Whether profile `modules` has `Module.symvers`. */
  readonly symvers: boolean;
  /** Whether a list of files took the profile's place; it is what the entries' paths say. */
  readonly listed: boolean;
  readonly include: readonly string[];
  readonly exclude: readonly string[];
  readonly strip: StripMode;
  readonly order: Order;
  readonly dedup: boolean;
  /** Seconds since 1970, of every entry. */
  readonly mtime: number;
}

export interface ManifestBlock {
  /** File offset of its Block Header. */
  readonly offset: number;
  readonly unpaddedSize: number;
  /** Offset in the tar. */
  readonly uncompressedOffset: number;
  readonly uncompressedSize: number;
  /** Of the Block's bytes in the file: Block Header, Compressed Data, Block Padding and Check. */
  readonly sha256: string;
}

export interface ManifestEntry {
  readonly path: string;
  readonly pathBase64?: string;
  readonly kind: 'directory' | 'regular' | 'symlink' | 'hardlink';
  readonly mode: number;
  /** Bytes of content in the archive; 0 but for regular files. */
  readonly size: number;
  /** Index of the Block that the entry begins in. */
  readonly block: number;
  /** Offset in the tar of its first header byte. */
  readonly offset: number;
  /** A link's target; a hard link's is the member that holds the content. */
  readonly target?: string;
  readonly targetBase64?: string;
  /** Of a regular file's content in the archive. */
  readonly sha256?: string;
  /** Of the file as it was on disk, and its size there: regular files, and hard links, whose file was read as well. */
  readonly sourceSize?: number;
  readonly sourceSha256?: string;
}
