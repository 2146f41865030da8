import { resolve as resolvePath } from 'node:path';
import { KheadersPackError } from '../errors.js';
import type {
  CompressionSettings,
  ContentSettings,
  Order,
  Profile,
  SelectionSettings,
  StripMode,
  TreePair,
} from '../model/settings.js';
import { configuredArch, requireArch } from '../tree/arch.js';
import { findTree } from '../tree/find.js';
import { pairOf, pairWith } from '../tree/kernelTree.js';
import { choiceOf } from './choice.js';
import type { Environment } from './environment.js';
import { readFileList } from './fileList.js';
import type { PackOptions } from './options.js';
import { parseSourceDateEpoch, parseTimestamp, type Timestamp } from './timestamp.js';

const PROFILES: readonly Profile[] = ['headers', 'all'];
const STRIP_MODES: readonly StripMode[] = ['kernel', 'none'];
const ORDERS: readonly Order[] = ['gnu', 'files-first'];

/** @throws KheadersPackError `E_NO_TREE`, `E_TREE`, `E_UNPAIRED_TREE` */
export function resolveTrees(options: PackOptions, environment: Environment): TreePair {
  const absolute = (path: string): string => resolvePath(environment.workingDirectory, path);
  const objtree = options.objtree === undefined ? null : absolute(options.objtree);
  const named = options.tree === undefined ? null : absolute(options.tree);
  const tree = named ?? objtree ?? findTree(environment);
  if (tree === null) throw new KheadersPackError('E_NO_TREE', {});
  return objtree === null ? pairOf(tree) : pairWith(tree, objtree);
}

/** What of the content settings concerns trees. */
export function resolveContent(
  options: PackOptions,
  environment: Environment,
  trees: TreePair,
  onNotice: (notice: string) => void,
): Omit<ContentSettings, keyof CompressionSettings> {
  const selection = resolveSelection(options, environment, trees);
  onNotice(describe(trees, selection));
  return {
    selection,
    strip: choiceOf('--strip', options.strip, STRIP_MODES),
    order: choiceOf('--order', options.order, ORDERS),
    dedup: options.dedup ?? options.compat !== true,
    mtime: resolveMtime(options.mtime, environment, onNotice),
  };
}

function resolveSelection(options: PackOptions, environment: Environment, trees: TreePair): SelectionSettings {
  const listed =
    options.filesFrom === undefined
      ? null
      : readFileList(options.filesFrom, environment.workingDirectory, options.nul === true);
  const profile = choiceOf('--profile', options.profile, PROFILES);
  const needsArch = profile === 'headers' && listed === null;
  const archName = (): string => options.arch ?? configuredArch(trees) ?? environment.machine;
  return {
    profile,
    srcarch: needsArch ? requireArch(trees, archName()) : '',
    listed,
    include: options.include ?? [],
    exclude: options.exclude ?? [],
  };
}

function describe(trees: TreePair, selection: SelectionSettings): string {
  const objects = trees.objectTree === null ? '' : ` with object tree ${trees.objectTree}`;
  const arch = selection.srcarch === '' ? '' : `, arch ${selection.srcarch}`;
  const what = selection.listed === null ? `profile ${selection.profile}` : `list ${selection.listed.name}`;
  return `Packing ${trees.sourceTree}${objects} (${what}${arch})`;
}

/** `--mtime`, else KBUILD_BUILD_TIMESTAMP, else SOURCE_DATE_EPOCH, else 0. An empty variable is unset. */
function resolveMtime(given: string | undefined, environment: Environment, onNotice: (notice: string) => void): number {
  const timestamp = timestampOf(given, environment);
  if (timestamp === null) return 0;
  if (!timestamp.hasZone)
    onNotice(`The time stamp "${timestamp.text}" of ${timestamp.source} names no time zone: taken as UTC`);
  return timestamp.seconds;
}

function timestampOf(
  given: string | undefined,
  environment: Environment,
): (Timestamp & { text: string; source: string }) | null {
  const candidates = [
    { source: '--mtime', text: given, parse: parseTimestamp },
    {
      source: 'KBUILD_BUILD_TIMESTAMP',
      text: environment.variables['KBUILD_BUILD_TIMESTAMP'] || undefined,
      parse: parseTimestamp,
    },
    {
      source: 'SOURCE_DATE_EPOCH',
      text: environment.variables['SOURCE_DATE_EPOCH'] || undefined,
      parse: parseSourceDateEpoch,
    },
  ];
  for (const { source, text, parse } of candidates) {
    if (text !== undefined) return { ...parse(text, source), text, source };
  }
  return null;
}
