import { fromUtf8 } from '../bytes/bytePath.js';
import type { CompressionSettings, ContentSettings, Order, SelectionSettings, TreePair } from '../model/settings.js';
import { configuredArch, requireArch } from '../tree/arch.js';
import { isConfigured, versionsApart } from '../tree/configured.js';
import { choiceOf } from './choice.js';
import { ORDERS, PROFILES, STRIP_MODES } from './choices.js';
import type { Environment } from './environment.js';
import { readFileList } from './fileList.js';
import type { NamedPair } from './kernels.js';
import type { PackOptions } from './options.js';
import { parseSourceDateEpoch, parseTimestamp, type Timestamp } from './timestamp.js';

/** The first is the default: several kernels are smallest with the versions of a header together. */
const BUNDLE_ORDERS: readonly Order[] = ['versions', 'gnu', 'files-first'];

/** What gen_kheaders.sh does; `conflicts.ts` has refused whatever contradicts it. */
const COMPAT = { strip: 'kernel', order: 'gnu', dedup: false } as const;
/** The first of the words, where nothing was said. */
const OWN = { strip: undefined, order: undefined, dedup: true } as const;

/** What of the content settings concerns trees. */
export function resolveContent(
  options: PackOptions,
  environment: Environment,
  kernels: readonly NamedPair[],
  onNotice: (notice: string) => void,
): Omit<ContentSettings, keyof CompressionSettings> {
  const selection = resolveSelection(options, environment);
  const needsArch = selection.profile !== 'all' && selection.listed === null;
  const preset = options.compat === true ? COMPAT : OWN;
  const archOf = (trees: TreePair): string => options.arch ?? configuredArch(trees) ?? environment.machine;
  const settled = kernels.map(({ name, trees }) => ({
    name: fromUtf8(name),
    srcarch: needsArch ? requireArch(trees, archOf(trees)) : '',
  }));
  const mtime = resolveMtime(options.mtime, environment);
  const content = {
    kernels: settled,
    selection,
    strip: choiceOf('--strip', options.strip ?? preset.strip, STRIP_MODES),
    order: choiceOf('--order', options.order ?? preset.order, kernels.length > 1 ? BUNDLE_ORDERS : ORDERS),
    dedup: options.dedup ?? preset.dedup,
    mtime: mtime.seconds,
  };
  // Nothing is said of what will be done before all that was asked for is understood.
  kernels.forEach((kernel, i) => {
    (options.onChoice ?? onNotice)(describe(kernel, settled[i]?.srcarch ?? '', selection));
    if (selection.listed === null && !isConfigured(kernel.trees)) onNotice(whatIsMissing(kernel));
    const apart = versionsApart(kernel.trees);
    if (apart !== null) onNotice(whatIsApart(kernel, apart));
  });
  if (!mtime.hasZone) onNotice(`The time stamp "${mtime.text}" of ${mtime.source} names no time zone: taken as UTC`);
  return content;
}

function resolveSelection(options: PackOptions, environment: Environment): SelectionSettings {
  const { filesFrom } = options;
  const listed =
    filesFrom === undefined ? null : readFileList(filesFrom, environment.workingDirectory, options.nul === true);
  const profile = choiceOf('--profile', options.profile, PROFILES);
  const { symvers = false, include = [], exclude = [] } = options;
  return { profile, symvers, listed, include, exclude };
}

function describe({ name, trees }: NamedPair, srcarch: string, selection: SelectionSettings): string {
  const objects = trees.objectTree === null ? '' : ` with object tree ${trees.objectTree}`;
  const arch = srcarch === '' ? '' : `, arch ${srcarch}`;
  const what = selection.listed === null ? `profile ${selection.profile}` : 'the files listed';
  const as = name === '' ? '' : ` as ${name}`;
  return `Packing ${trees.sourceTree}${objects}${as} (${what}${arch})`;
}

/** A source tree fresh from git packs, too, but what includes linux/kconfig.h cannot be compiled with that archive. */
function whatIsMissing({ trees }: NamedPair): string {
  const [tree, remedy] =
    trees.objectTree === null
      ? [trees.sourceTree, 'run make defconfig prepare there, or name its object tree with --objtree']
      : [trees.objectTree, 'run make prepare in it, or name another with --objtree'];
  return `Not configured: "${tree}" has no generated headers, so the archive will lack them (${remedy})`;
}

function whatIsApart({ trees }: NamedPair, { source, object }: { source: string; object: string }): string {
  const { sourceTree, objectTree } = trees;
  return `Not of one kernel: object tree "${objectTree}" is of ${object}, source tree "${sourceTree}" of ${source}`;
}

/** A time stamp, and what said it. */
type GivenTimestamp = Timestamp & { readonly text: string; readonly source: string };
const NOT_GIVEN: GivenTimestamp = { seconds: 0, hasZone: true, text: '', source: '' };

/** `--mtime`, else KBUILD_BUILD_TIMESTAMP, else SOURCE_DATE_EPOCH, else 0. An empty variable is unset. */
function resolveMtime(given: string | undefined, environment: Environment): GivenTimestamp {
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
  return NOT_GIVEN;
}
