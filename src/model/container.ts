/**
 * What an .xz file is made of, as its Indexes and Block Headers state it. Offsets and sizes are bytes; a file offset
 * counts from the file's start, an uncompressed offset from the start of the first Stream's Uncompressed Data.
 */
export interface Container {
  readonly streams: readonly ContainerStream[];
  /** The Blocks of all Streams, in order. */
  readonly blocks: readonly ContainerBlock[];
  readonly compressedSize: number;
  readonly uncompressedSize: number;
}

export interface ContainerStream {
  readonly offset: number;
  /** From its Stream Header to its Stream Footer, Stream Padding left out. */
  readonly size: number;
  /** The Check's ID in the Stream Flags, 0x00 to 0x0F; only some have a name (`CHECKS`). */
  readonly checkId: number;
  /** Stream Padding behind it. */
  readonly padding: number;
}

export interface ContainerBlock {
  /** Index of its Stream. */
  readonly stream: number;
  /** File offset of its Block Header. */
  readonly offset: number;
  readonly unpaddedSize: number;
  readonly uncompressedSize: number;
  readonly uncompressedOffset: number;
}

/** What a Block Header states (.xz specification, section 3.1). */
export interface BlockHeader {
  /** Bytes of the Block Header itself. */
  readonly size: number;
  /** Null where the Block Header does not state it. */
  readonly compressedSize: number | null;
  readonly uncompressedSize: number | null;
  /** In the order in which an encoder applied them: the last is LZMA2. */
  readonly filters: readonly Filter[];
}

/** A filter as its Filter Flags state it (section 3.1.5). */
export interface Filter {
  readonly id: number;
  readonly properties: Uint8Array;
}

/** What a check of an .xz file says, whatever is inside. */
export interface ContainerReport {
  readonly verdict: 'good' | 'bad' | 'unsupported';
  /** Why it is not good. */
  readonly fault: ContainerFault | null;
  /** What it is made of; null where damage kept that from being found. */
  readonly found: ContainerSummary | null;
}

/** `offset` is the file offset, in bytes, of what is wrong or unsupported. */
export interface ContainerFault {
  readonly reason: string;
  readonly offset: number;
}

export interface ContainerSummary {
  readonly streams: number;
  readonly blocks: number;
  /** The names of the Checks, each once: `crc64`, or `0x02` for one that is not supported. */
  readonly checks: readonly string[];
  readonly compressedSize: number;
  readonly uncompressedSize: number;
}
