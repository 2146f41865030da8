import { formatExactSize } from '../../bytes/size.js';
import type { ContentSettings, TreePair } from '../../model/settings.js';
import { DICTIONARY_SIZE_PORTABLE } from '../../settings/lzma2.js';

/** What is rebuilt. */
export interface Rebuilt {
  readonly content: ContentSettings;
  readonly trees: readonly TreePair[];
}

/**
 * The arguments of a pack with exactly these settings, whatever the environment says.
 *
 * @param listed those that stand for the list of files, where there is one in the place of a profile
 */
export function packArguments({ content, trees }: Rebuilt, listed: readonly string[]): string[] {
  const { kernels, selection, encoding, blockSize, strip, order, dedup, mtime } = content;
  const { lzma2, check } = encoding;
  const pairs = {
    dict: formatExactSize(lzma2.dictionarySize),
    lc: lzma2.lc,
    lp: lzma2.lp,
    pb: lzma2.pb,
    mode: lzma2.mode,
    nice: lzma2.niceLength,
    mf: lzma2.matchFinder,
    depth: lzma2.depth,
  };
  const profile = ['--profile', selection.profile, ...(selection.symvers ? ['--symvers'] : [])];
  return [
    'pack',
    ...treeArguments(content, trees),
    ...(selection.listed === null ? profile : listed),
    ...archArguments(kernels.map(({ srcarch }) => srcarch)),
    ...selection.include.flatMap(pattern => ['--include', pattern]),
    ...selection.exclude.flatMap(pattern => ['--exclude', pattern]),
    ...['--strip', strip, '--order', order, ...(dedup ? [] : ['--no-dedup']), '--mtime', `@${mtime}`],
    ...['--codec', encoding.codec.name, '--block-size', formatExactSize(blockSize), '--check', check],
    ...(lzma2.dictionarySize > DICTIONARY_SIZE_PORTABLE ? ['--allow-large-dictionary'] : []),
    '--lzma2',
    Object.entries(pairs)
      .map(([key, value]) => `${key}=${value}`)
      .join(','),
  ];
}

/** An object tree of a bundle brings its source tree along, as it did before. */
function treeArguments({ kernels }: ContentSettings, trees: readonly TreePair[]): string[] {
  const [only] = trees;
  if (trees.length === 1 && only !== undefined) {
    const name = kernels[0]?.name ?? '';
    const objtree = only.objectTree === null ? [] : ['--objtree', only.objectTree];
    return [name === '' ? only.sourceTree : `${name}=${only.sourceTree}`, ...objtree];
  }
  return trees.map(({ sourceTree, objectTree }, i) => `${kernels[i]?.name}=${objectTree ?? sourceTree}`);
}

/** Where the kernels have several architectures, each tree says its own. */
function archArguments(arches: readonly string[]): string[] {
  const [arch = ''] = arches;
  return arch !== '' && arches.every(each => each === arch) ? ['--arch', arch] : [];
}
