/** An archive that was cut out of an image. */
export interface FoundArchive {
  /** The image's path. */
  readonly name: string;
  readonly bytes: Uint8Array;
  /** What it lay between, or that a scan found it. */
  readonly by: 'markers' | 'symbols' | 'scan';
  /** Where it begins, in bytes of the image, or of what the last of `within` decompresses to. */
  readonly offset: number;
  /** From the outside in: what had to be decompressed. */
  readonly within: readonly string[];
}
