import { createRequire } from 'node:module';
import { dirname } from 'node:path';

/**
 * The part of lzma-native that we use, as its version 8.0.6 has it: what is compiled. The JavaScript that the package lays
 * over it is left aside: its streams cut every input at the bytes "YZ" and answer in later turns of the event loop, where
 * a worker wants one synchronous call, and they take longer to load than the library.
 */
export interface LzmaNative {
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
}

/** A filter by lzma-native's name for it. Filters for executables take no options there. */
export interface NativeFilter {
  readonly id: string;
  readonly options?: Readonly<Record<string, number>>;
}

export interface NativeStream {
  rawEncoder_(filters: readonly NativeFilter[]): void;
  rawDecoder_(filters: readonly NativeFilter[]): void;
  setBufsize(bytes: number): number;
  /**
   * Codes `input`, or the end with null; calls `bufferHandler` before it returns when `inBackground` is false. All that
   * the input gives is coded before the first call, whatever its size.
   */
  code(input: Uint8Array | null, inBackground: boolean): void;
  resetUnderlying(): void;
  /**
   * Called with each piece of output; then with null for `output` where the coder has ended or failed; then with the
   * number of inputs `taken`. `totalIn` and `totalOut` count bytes since the coder was set up.
   */
  bufferHandler: (
    output: Buffer | null | undefined,
    taken: number | undefined,
    error: Error | null | undefined,
    totalIn: number | null,
    totalOut: number | null,
  ) => void;
}

/** Loads the native library. It is loaded late, so that commands which never encode do not pay for it. */
export function loadLzmaNative(): LzmaNative {
  const require = createRequire(import.meta.url);
  const manifest = require.resolve('lzma-native/package.json');
  const loadBuild = createRequire(manifest)('node-gyp-build') as (directory: string) => LzmaNative;
  return loadBuild(dirname(manifest));
}
