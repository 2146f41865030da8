import type { KernelFile } from '../model/plan.js';
import type { PackSettings } from '../model/settings.js';
import { selectFiles } from '../tree/select.js';

/** The files of every kernel, each from its own trees. */
export function selectAll(settings: PackSettings): KernelFile[] {
  const { content, execution } = settings;
  return content.kernels.flatMap(({ name, srcarch }, i) => {
    const trees = execution.trees[i];
    if (trees === undefined) throw new RangeError(`No trees for kernel ${i}`);
    const files = selectFiles(trees, srcarch, content.selection);
    return Array.from(files.values(), file => ({ kernel: name, file }));
  });
}
