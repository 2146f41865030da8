import { readFileSync } from 'node:fs';

/** Compiled from `assembly/` by the build, beside this file. */
const MODULE = new URL('./radix.wasm', import.meta.url);

/** What `assembly/index.ts` exports. Addresses and sizes are bytes. */
export interface RadixExports {
  readonly scratchSize: { readonly value: number };
  readonly parts: { readonly value: number };
  readonly units: { readonly value: number };
  openBlock(text: number, size: number, lists: number, matches: number, counts: number, scratch: number): void;
  countPart(part: number): void;
  addUpCounts(): void;
  placePart(part: number): void;
  refineUnit(unit: number): void;
  setEffort(
    niceLength: number,
    lookAhead: number,
    tailLiterals: number,
    secondWithin: number,
    passMargin: number,
    renewAfter: number,
  ): void;
  /** Returns where the slice's chunks end. */
  encodeSlice(
    start: number,
    end: number,
    out: number,
    lc: number,
    lp: number,
    pb: number,
    dictionarySize: number,
  ): number;
}

let compiled: WebAssembly.Module | undefined;

/** The encoder's code. The main thread compiles it and hands it to the workers, which then share what is optimised. */
export function radixModule(): WebAssembly.Module {
  compiled ??= new WebAssembly.Module(readFileSync(MODULE));
  return compiled;
}

export function instantiate(module: WebAssembly.Module, memory: WebAssembly.Memory): RadixExports {
  const abort = (): never => {
    throw new Error('The radix encoder stopped');
  };
  return new WebAssembly.Instance(module, { env: { memory, abort } }).exports as RadixExports;
}
