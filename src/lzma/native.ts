import { createRequire } from 'node:module';

/**
 * The part of lzma-native that we use, as its version 8.0.6 has it. Its own streams are left aside: they cut every
 * input at the bytes "YZ" and answer in later turns of the event loop, where a worker wants one synchronous call.
 */
export interface LzmaNative {
  readonly version: string;
  versionString(): string;
  readonly Stream: new () => NativeStream;
  readonly FILTER_LZMA2: string;
  readonly MODE_FAST: number;
  readonly MODE_NORMAL: number;
  readonly MF_HC3: number;
  readonly MF_HC4: number;
  readonly MF_BT2: number;
  readonly MF_BT3: number;
  readonly MF_BT4: number;
  createStream(coder: 'streamDecoder', options: { memlimit: number }): NodeJS.ReadWriteStream;
}

export interface NativeStream {
  rawEncoder(options: { filters: readonly { id: string; options: Record<string, number> }[] }): void;
  rawDecoder(options: { filters: readonly { id: string; options: Record<string, number> }[] }): void;
  setBufsize(bytes: number): number;
  /** Codes `input`, or the end with null; calls `bufferHandler` before it returns when `inBackground` is false. */
  code(input: Uint8Array | null, inBackground: boolean): void;
  resetUnderlying(): void;
  bufferHandler: (
    output: Buffer | null | undefined,
    taken: number | undefined,
    error: Error | null | undefined,
  ) => void;
}

/** Loads the native library. It is loaded late, so that commands which never encode do not pay for it. */
export function loadLzmaNative(): LzmaNative {
  const require = createRequire(import.meta.url);
  return require('lzma-native') as LzmaNative;
}
