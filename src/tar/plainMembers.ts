import { readFileSync } from 'node:fs';
import { compiledWithSimd } from '../bytes/compiledCode.js';

/** Compiled from `assembly/plainMembers.ts` by the build, beside this file. */
const MODULE = new URL('./plainMembers.wasm', import.meta.url);

interface PlainMembersExports {
  /** How many the last call of `pass` went past. */
  readonly members: { readonly value: number };
  pass(from: number, size: number): number;
  seek(from: number, size: number): number;
}

/** Members that lie one behind the other. */
export interface Run {
  readonly members: number;
  /** Bytes that they take. */
  readonly size: number;
}

/** Null where WebAssembly cannot do it; undefined before the first use. */
let compiled: WebAssembly.Module | null | undefined;
const found = new WeakMap<WebAssembly.Memory, PlainMembers>();

/**
 * Goes past members of a tar at a fraction of what it takes to decode their headers, where they lie in a WebAssembly memory.
 *
 * Plain members are regular files, directories and links with a header as GNU tar writes it in its own format or in POSIX's,
 * with nothing rare in it, and no other before it. `EntryDecoder` takes every one of them for an entry that ends at the same
 * byte; what is not plain may be as good, and is for it to judge.
 */
export class PlainMembers {
  readonly #exports: PlainMembersExports;

  private constructor(code: WebAssembly.Module, memory: WebAssembly.Memory) {
    this.#exports = new WebAssembly.Instance(code, { env: { memory } }).exports as unknown as PlainMembersExports;
  }

  /** Null where WebAssembly cannot do it. Nothing is written to the memory. */
  static in(memory: WebAssembly.Memory): PlainMembers | null {
    if (compiled === undefined) compiled = compiledWithSimd(readFileSync(MODULE));
    if (compiled === null) return null;
    const members = found.get(memory) ?? new PlainMembers(compiled, memory);
    found.set(memory, members);
    return members;
  }

  /**
   * The plain members that begin at index `at` of bytes in the memory, as many as have their headers there. The last content
   * may end behind the bytes.
   */
  runAt({ byteOffset, length }: Uint8Array, at: number): Run {
    const size = this.#exports.pass(byteOffset + at, length - at);
    return { members: this.#exports.members.value, size };
  }

  /** How many bytes of whole records at index `at` on neither look like a header with a magic nor begin with zeros. */
  othersAt({ byteOffset, length }: Uint8Array, at: number): number {
    return this.#exports.seek(byteOffset + at, length - at);
  }
}
