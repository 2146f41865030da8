import { copyFileSync, mkdirSync, symlinkSync } from 'node:fs';
import { join as joinPath } from 'node:path';
import { selectAll } from '../../archive/selectAll.js';
import type { Rebuilt } from '../../archive/verify/packArguments.js';
import { fromUtf8, join, parentOf, toBuffer } from '../../bytes/bytePath.js';
import { KheadersPackError, systemReason } from '../../errors.js';

/**
 * Copies the selected files of each kernel, the object tree's over the source tree's, to a tree below `directory`.
 *
 * @throws KheadersPackError `E_WRITE`, and what selecting throws
 */
export async function copySelected(rebuilt: Rebuilt, directory: string): Promise<Rebuilt> {
  try {
    return await copyFiles(rebuilt, directory);
  } catch (error) {
    if (error instanceof KheadersPackError) throw error;
    throw new KheadersPackError('E_WRITE', { path: directory, reason: systemReason(error) }, { cause: error });
  }
}

async function copyFiles({ content, trees }: Rebuilt, directory: string): Promise<Rebuilt> {
  const copies = content.kernels.map((kernel, i) => {
    const root = joinPath(directory, `tree ${i}`);
    mkdirSync(root, { recursive: true });
    // The tree has the architecture, even where no file of it is selected.
    if (kernel.srcarch !== '') mkdirSync(joinPath(root, 'arch', kernel.srcarch), { recursive: true });
    return { name: kernel.name, root };
  });
  for (const { kernel, file } of await selectAll(content, trees)) {
    const root = copies.find(({ name }) => name === kernel)?.root ?? directory;
    const target = join(fromUtf8(root), file.path);
    mkdirSync(toBuffer(parentOf(target)), { recursive: true });
    if (file.kind === 'symlink') symlinkSync(toBuffer(file.target), toBuffer(target));
    else copyFileSync(toBuffer(file.location), toBuffer(target));
  }
  return { content, trees: copies.map(({ root }) => ({ sourceTree: root, objectTree: null })) };
}
