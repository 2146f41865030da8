import type { KernelFile } from '../model/plan.js';
import type { ContentSettings, TreePair } from '../model/settings.js';
import { selectFiles } from '../tree/select.js';

/** The files of every kernel, each from its own trees. */
export function selectAll(content: ContentSettings, trees: readonly TreePair[]): KernelFile[] {
  return content.kernels.flatMap(({ name, srcarch }, i) => {
    const pair = trees[i];
    if (pair === undefined) throw new RangeError(`No trees for kernel ${i}`);
    const files = selectFiles(pair, srcarch, content.selection);
    return Array.from(files.values(), file => ({ kernel: name, file }));
  });
}
