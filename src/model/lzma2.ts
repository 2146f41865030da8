/** How the LZMA2 encoder is to work. Names and ranges are LZMA's own (liblzma's `lzma_options_lzma`). */
export interface Lzma2Options {
  /** Dictionary size in bytes, 4096 to 1.5 GiB. */
  readonly dictionarySize: number;
  /** Literal context bits, 0 to 4; lc + lp is at most 4. */
  readonly lc: number;
  /** Literal position bits, 0 to 4. */
  readonly lp: number;
  /** Position bits, 0 to 4. */
  readonly pb: number;
  /** `max` is for the codec `radix` alone. */
  readonly mode: 'fast' | 'normal' | 'max';
  /** Nice length of a match in bytes, 2 to 273. */
  readonly niceLength: number;
  /** Each codec has its own. */
  readonly matchFinder: 'hc3' | 'hc4' | 'bt2' | 'bt3' | 'bt4' | 'radix';
  /** Match finder's search depth; 0 lets the codec choose. */
  readonly depth: number;
}
