import { formatExactSize } from '../../bytes/size.js';
import { codecNamed, DEFAULT_CODEC } from '../../lzma/codec.js';
import type { ArchiveIndex } from '../../model/archiveIndex.js';
import type { NamedPair } from '../../settings/kernels.js';
import type { PackOptions } from '../../settings/options.js';
import { hasArch } from '../../tree/arch.js';
import { archOfHeader, type InferredSettings, inferSettings } from '../compare/infer.js';
import { inferStrip } from './inferStrip.js';
import { pathInTree } from './pathInTree.js';

/** Options of pack that were not given, taken from an archive as far as it shows them. */
export interface InferredOptions {
  readonly options: PackOptions;
  /** The settings, by the names of `SettingsView`, that the archive showed. */
  readonly shown: ReadonlySet<string>;
  /** Why this archive's Blocks cannot be made, or null where they may. */
  readonly foreign: string | null;
}

/** @param given what was said; it is never overruled */
export function inferOptions(index: ArchiveIndex, given: PackOptions, kernels: readonly NamedPair[]): InferredOptions {
  const seen = inferSettings(index);
  const shown = new Set<string>();
  // What is rebuilt is told as a whole, where all of it is known.
  const options: PackOptions = { ...given, allowLargeDictionary: true, onNotice: undefined };
  const take = <K extends keyof PackOptions>(key: K, setting: string, value: PackOptions[K] | null): void => {
    if (given[key] !== undefined || value === null || value === undefined) return;
    options[key] = value;
    shown.add(setting);
  };
  if (given.compat !== true) {
    take('strip', '--strip', given.strip === undefined ? inferStrip(index.entries, kernels) : null);
    take('order', '--order', seen.order);
    take('dedup', 'dedup', seen.dedup);
    if (given.filesFrom === undefined) takeSelection(index, given, kernels, take);
  }
  take('mtime', '--mtime', mtimeOf(index));
  take('blockSize', '--block-size', seen.blockSize);
  take('check', '--check', seen.check);
  take('codec', 'codec', seen.codec ?? codecForSizes(seen));
  const lzma2 = missingPairs(given.lzma2 ?? '', {
    dict: seen.dictionarySize === null ? null : formatExactSize(seen.dictionarySize),
    lc: seen.literals?.lc ?? null,
    lp: seen.literals?.lp ?? null,
    pb: seen.literals?.pb ?? null,
  });
  for (const key of lzma2.added) shown.add(`--lzma2 ${key}`);
  options.lzma2 = lzma2.text;
  return { options, shown, foreign: foreignness(index, given.blockSize ?? seen.blockSize) };
}

/** Only liblzma goes beyond what the default takes; null where nothing is beyond that. */
function codecForSizes({ blockSize, dictionarySize }: InferredSettings): string | null {
  const { max } = codecNamed(DEFAULT_CODEC).blockSize;
  return Math.max(blockSize ?? 0, dictionarySize ?? 0) > max ? 'liblzma' : null;
}

/** The first entry's: it stands for all where an archive is ours. Another's may have a fraction. */
function mtimeOf({ entries }: ArchiveIndex): string | null {
  const mtime = Math.floor(entries[0]?.mtime ?? -1);
  return mtime >= 0 ? `@${mtime}` : null;
}

/** What a module is built with, in every archive of profile `modules` and in none of the others: they hold headers alone. */
const MODULES_ONLY = ['Makefile', 'include/config/auto.conf'];

/**
 * `include/` and one `arch/X/include/` are profile `headers`, what a module is built with is `modules`, with Module.symvers
 * or without; anything else is `all`.
 */
function takeSelection(
  { entries }: ArchiveIndex,
  given: PackOptions,
  kernels: readonly NamedPair[],
  take: <K extends 'profile' | 'symvers' | 'arch'>(key: K, setting: string, value: PackOptions[K] | null) => void,
): void {
  const files = entries.filter(({ typeflag }) => typeflag !== '5');
  const paths = new Set(files.map(({ name }) => pathInTree(name, kernels) ?? ''));
  const arches = [...paths].map(archOfHeader);
  const isHeaders = [...paths].every((path, i) => path.startsWith('include/') || arches[i] !== null);
  const [arch = null, ...others] = new Set(arches.filter(each => each !== null));
  const isModules = MODULES_ONLY.every(path => paths.has(path));
  // Who names an architecture does not mean every header: what else there is in the archive is a difference.
  const isAll = given.arch === undefined && (others.length > 0 || !(isModules || isHeaders));
  const profile = isAll ? 'all' : isModules ? 'modules' : 'headers';
  take('profile', '--profile', profile);
  if ((given.profile ?? profile) === 'modules') take('symvers', '--profile', paths.has('Module.symvers'));
  // Of an architecture that no tree has, the archive's headers are a difference, not an option that was said.
  const isThere = arch !== null && kernels.every(({ trees }) => hasArch(trees, arch));
  if (isThere && profile !== 'all' && given.profile !== 'all') take('arch', '--arch', arch);
}

/** xz's own syntax, with what was not said added. */
function missingPairs(
  given: string,
  pairs: Readonly<Record<string, string | number | null>>,
): { text: string; added: string[] } {
  const said = new Set(given.split(',').map(pair => pair.split('=')[0]));
  const added = Object.keys(pairs).filter(key => !said.has(key) && pairs[key] !== null);
  const parts = [...(given === '' ? [] : [given]), ...added.map(key => `${key}=${pairs[key]}`)];
  return { text: parts.join(','), added };
}

function foreignness({ container, firstBlock }: ArchiveIndex, blockSize: string | number | null): string | null {
  const header = firstBlock?.header;
  if (header === undefined || header.compressedSize === null || header.uncompressedSize === null) {
    return 'the Block Headers do not state both sizes, as kheaders-pack writes them';
  }
  if (container.streams.length !== 1)
    return `the archive has ${container.streams.length} Streams, kheaders-pack writes one`;
  if (blockSize !== null) return null;
  return 'the block size cannot be told from the archive (say --block-size, if kheaders-pack made it)';
}
