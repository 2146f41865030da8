import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { generateTree } from '../corpus/synthetic.js';
import { availableTrees } from '../corpus/trees.js';
import { toBuffer } from '../src/bytes/bytePath.js';
import { gatherEnvironment } from '../src/settings/environment.js';
import { resolveSettings } from '../src/settings/resolve.js';
import { selectFiles } from '../src/tree/select.js';

/** A tree to measure on. */
export interface BenchTree {
  readonly name: string;
  readonly source: string;
  readonly object: string | null;
  /** Removes what was made for it. */
  readonly remove: () => void;
}

/** The named tree, or the first real one of the corpus, or a generated one; which it is, the report says. */
export function benchTree(wanted: string | undefined): BenchTree {
  const trees = availableTrees();
  const found = wanted === undefined ? trees[0] : trees.find(tree => tree.name === wanted);
  if (found !== undefined) return { ...found, remove: () => undefined };
  if (wanted !== undefined) {
    const names = trees.map(tree => tree.name).join(', ');
    throw new Error(`No tree "${wanted}" in the corpus: there are ${names === '' ? 'none' : names} (npm run corpus)`);
  }
  const scratch = mkdtempSync(join(tmpdir(), 'kheaders-pack-bench-'));
  const source = join(scratch, 'linux');
  generateTree(source, { headers: 3000, seed: 1 });
  const remove = (): void => rmSync(scratch, { recursive: true, force: true });
  return { name: 'a generated tree of 3000 headers', source, object: null, remove };
}

/** The contents of the tree's headers, up to `limit` bytes. */
export function headersOf(tree: BenchTree, limit: number): Buffer[] {
  const options = { trees: [tree.source], objtree: tree.object ?? undefined, arch: 'x86' };
  const settings = resolveSettings(options, gatherEnvironment());
  if (settings.kind !== 'pack') throw new TypeError('A tree was expected');
  const contents: Buffer[] = [];
  let bytes = 0;
  const [trees] = settings.execution.trees;
  const [kernel] = settings.content.kernels;
  if (trees === undefined || kernel === undefined) throw new TypeError('A tree was expected');
  for (const file of selectFiles(trees, kernel.srcarch, settings.content.selection).values()) {
    if (file.kind !== 'regular') continue;
    const content = readFileSync(toBuffer(file.location));
    contents.push(content);
    bytes += content.length;
    if (bytes >= limit) break;
  }
  return contents;
}
