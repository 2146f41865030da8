import { inTurns } from '../flow/turns.js';
import type { KernelFile } from '../model/plan.js';
import type { ContentSettings, TreePair } from '../model/settings.js';
import { selecting } from '../tree/select.js';

/** Milliseconds that files are looked at in one turn of the event loop, and one more file's: a signal waits as long. */
const TURN = 50;

/** The files of every kernel, each from its own trees. */
export async function selectAll(content: ContentSettings, trees: readonly TreePair[]): Promise<KernelFile[]> {
  const all: KernelFile[] = [];
  for (const [i, { name, srcarch }] of content.kernels.entries()) {
    const pair = trees[i];
    if (pair === undefined) throw new RangeError(`No trees for kernel ${i}`);
    const files = await inTurns(selecting(pair, srcarch, content.selection), TURN);
    for (const file of files.values()) all.push({ kernel: name, file });
  }
  return all;
}
