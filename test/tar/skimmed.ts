import type { Excerpt } from '../../src/bytes/excerpt.js';
import { countEntries } from '../../src/tar/countEntries.js';
import { TarFault } from '../../src/tar/fault.js';
import { PlainMembers } from '../../src/tar/plainMembers.js';
import { TarSkimmer } from '../../src/tar/skimmer.js';

const PAGE = 2 ** 16;
/** Where a tar lies in the memory: nowhere in particular. */
const AT = 1000;

let memory = new WebAssembly.Memory({ initial: 1, maximum: 2 ** 12, shared: true });

/** A copy of the bytes in a WebAssembly memory; the next call may overwrite it. */
export function inMemory(bytes: Uint8Array): { view: Uint8Array; plain: PlainMembers } {
  const needed = Math.ceil((AT + bytes.length) / PAGE) * PAGE;
  if (memory.buffer.byteLength < needed) {
    memory = new WebAssembly.Memory({ initial: needed / PAGE, maximum: 2 ** 12, shared: true });
  }
  const view = new Uint8Array(memory.buffer, AT, bytes.length);
  view.set(bytes);
  const plain = PlainMembers.in(memory);
  if (plain === null) throw new Error('no WebAssembly with SIMD');
  return { view, plain };
}

/** How a tar comes: in parts, of each of which the skimmer knows nothing but the part, those in pieces, and what was kept when. */
export interface Cuts {
  /** Bytes of the next part. */
  part(): number;
  piece(): number;
  isTaken(): boolean;
}

export function excerptsOf(tar: Uint8Array, { part, piece, isTaken }: Cuts, isPlain = true): Excerpt[] {
  const { view, plain } = inMemory(tar);
  const excerpts: Excerpt[] = [];
  for (let at = 0; at < view.length; ) {
    const skimmer = new TarSkimmer(isPlain ? plain : null);
    const end = Math.min(view.length, at + part());
    while (at < end) {
      const to = Math.min(end, at + piece());
      skimmer.push(view.subarray(at, to));
      at = to;
      if (isTaken()) excerpts.push(skimmer.take(false));
    }
    excerpts.push(skimmer.take(true));
  }
  return excerpts;
}

/** How many entries they have, or null where the whole tar is needed to tell. */
export async function countIn(excerpts: readonly Excerpt[]): Promise<number | null> {
  try {
    return await countEntries(each(excerpts));
  } catch (error) {
    if (error instanceof TarFault) return null;
    throw error;
  }
}

async function* each<T>(items: readonly T[]): AsyncGenerator<T, void, undefined> {
  yield* items;
}
