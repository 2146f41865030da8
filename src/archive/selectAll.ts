import { inTurns } from '../flow/turns.js';
import type { KernelFile } from '../model/plan.js';
import type { ContentSettings, TreePair } from '../model/settings.js';
import { selecting } from '../tree/select.js';

/** Files that are looked at in one turn of the event loop: a third of a second where each takes 20 ms, on a file server. */
const FILES_PER_TURN = 16;

/** The files of every kernel, each from its own trees. */
export async function selectAll(content: ContentSettings, trees: readonly TreePair[]): Promise<KernelFile[]> {
  const all: KernelFile[] = [];
  for (const [i, { name, srcarch }] of content.kernels.entries()) {
    const pair = trees[i];
    if (pair === undefined) throw new RangeError(`No trees for kernel ${i}`);
    const files = await inTurns(selecting(pair, srcarch, content.selection), FILES_PER_TURN);
    for (const file of files.values()) all.push({ kernel: name, file });
  }
  return all;
}
