/** Where the Blocks of earlier packs are kept. Execution settings: no byte of an archive depends on them. */
export interface CacheSettings {
  /** Null where nothing is kept on this machine. */
  readonly local: LocalCacheSettings | null;
  /** Null where no server is asked. */
  readonly remote: RemoteCacheSettings | null;
}

export interface LocalCacheSettings {
  /** Absolute path; it is made when something is kept. */
  readonly directory: string;
  readonly secret: SecretSource;
  /** Bytes that the directory may hold. */
  readonly maxSize: number;
  /** Whether every file is read, whatever the stat index says of it. */
  readonly isParanoid: boolean;
}

/** What entries are authenticated with: a file of the user's, made when there is none, or a key that was given. */
export type SecretSource =
  | { readonly kind: 'file'; readonly path: string }
  | { readonly kind: 'given'; readonly key: string }
  /** The user has no place for such a file. */
  | { readonly kind: 'nowhere' };

export interface RemoteCacheSettings {
  /** Without user or password. */
  readonly url: string;
  readonly isReadOnly: boolean;
  /** The value of the Authorization header, or null. Never printed. */
  readonly authorization: string | null;
  /** What entries are authenticated with; null where what the server sends is decoded and compared instead. Never printed. */
  readonly key: string | null;
}

/** Where a Block came from. */
export type BlockOrigin = 'local' | 'remote' | 'encoded';

/** What the cache did for a pack. */
export interface CacheSummary {
  /** Absolute path, or null where nothing is kept on this machine. */
  readonly directory: string | null;
  readonly remote: string | null;
  readonly files: {
    /** Regular files whose digests the stat index knew. */
    readonly known: number;
    readonly read: number;
  };
  readonly blocks: Readonly<Record<BlockOrigin, number>>;
  /** Uncompressed bytes of the Blocks that were not compressed again. */
  readonly bytesSaved: number;
  /** Entries that were damaged, truncated or forged, and dropped. */
  readonly dropped: number;
  readonly misses: readonly BlockMiss[];
}

/** A Block that had to be compressed, and why. */
export interface BlockMiss {
  /** The member that it begins with; null for the end of the archive, and for a tar that is compressed again. */
  readonly first: string | null;
  /** Uncompressed Size in bytes. */
  readonly size: number;
  readonly reason: string;
}
