import { realpathSync, statSync } from 'node:fs';
import { relative } from 'node:path';
import { requireFilesKept } from '../archive/filesKept.js';
import { selectAll } from '../archive/selectAll.js';
import type { KernelFile } from '../model/plan.js';
import type { TreePair } from '../model/settings.js';
import { gatherEnvironment } from '../settings/environment.js';
import type { PackOptions } from '../settings/options.js';
import { resolveSettings } from '../settings/resolve.js';

/**
 * A pack's report is not written over a file that is packed, as are its other outputs. It is written after a failure as
 * well, so this is asked first; only of a report that is there already, inside a tree, does it take a walk. A list that can
 * be read once is left to the pack.
 *
 * @throws KheadersPackError `E_OPTION_CONFLICT`
 */
export async function requireReportApart(json: string | undefined, options: PackOptions): Promise<void> {
  if (json === undefined || json === '-' || !isReadAgain(options.filesFrom)) return;
  let trees: readonly TreePair[];
  let files: readonly KernelFile[];
  try {
    const report = realpathSync(json);
    const settings = resolveSettings(options, gatherEnvironment());
    if (settings.kind !== 'pack') return;
    ({ trees } = settings.execution);
    if (!trees.some(pair => isInside(report, pair))) return;
    files = await selectAll(settings.content, trees);
  } catch {
    // It is not there, or what is wrong comes again, and the report tells of it.
    return;
  }
  requireFilesKept(files, trees, [{ named: `--json=${json}`, path: json }]);
}

function isReadAgain(list: string | undefined): boolean {
  return list === undefined || (list !== '-' && statSync(list, { throwIfNoEntry: false })?.isFile() === true);
}

function isInside(path: string, { sourceTree, objectTree }: TreePair): boolean {
  return [sourceTree, objectTree ?? sourceTree].some(tree => !/^\.\.(?:\/|$)/.test(relative(realpathSync(tree), path)));
}
