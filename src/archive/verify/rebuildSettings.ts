import { type BytePath, fromLatin1 } from '../../bytes/bytePath.js';
import { CODEC_NAMES, codecNamed, DEFAULT_CODEC } from '../../lzma/codec.js';
import type { ArchiveIndex } from '../../model/archiveIndex.js';
import type { Manifest } from '../../model/manifest.js';
import type { ContentSettings, TreePair } from '../../model/settings.js';
import type { RebuiltSetting } from '../../model/verifyReport.js';
import { FORMAT_VERSION } from '../../plan/plan.js';
import type { Environment } from '../../settings/environment.js';
import { contentOfManifest } from '../../settings/fromManifest.js';
import { resolveKernels } from '../../settings/kernels.js';
import type { PackOptions } from '../../settings/options.js';
import { resolveSettings } from '../../settings/resolve.js';
import { listedThere } from '../../tree/select.js';
import { viewOfSettings } from '../compare/settingsView.js';
import { settingsOf } from '../manifest/build.js';
import { entryPath } from '../manifest/paths.js';
import { inferOptions } from './inferOptions.js';

/** How an archive is rebuilt. */
export interface RebuildSettings {
  readonly content: ContentSettings;
  readonly trees: readonly TreePair[];
  readonly told: readonly RebuiltSetting[];
  /** Why the compressed bytes cannot be remade, or null where they may be. */
  readonly notComparable: string | null;
}

/** By a manifest, which has all of them. */
export function settingsByManifest(
  manifest: Manifest,
  options: PackOptions,
  environment: Environment,
): RebuildSettings {
  const { settings, formatVersion } = manifest;
  const { content, trees } = contentOfManifest(settings, listedFiles(manifest), options, environment);
  const told = tell(content, () => 'manifest');
  const notComparable = otherVersion(settings.encoding.codec, formatVersion);
  return { content: withListedThere(content, trees), trees, told, notComparable };
}

/** Nobody wrote a list here: a file that the trees do not have is one more difference. */
function withListedThere(content: ContentSettings, [pair]: readonly TreePair[]): ContentSettings {
  const { listed } = content.selection;
  if (listed === null || pair === undefined) return content;
  return { ...content, selection: { ...content.selection, listed: listedThere(pair, listed) } };
}

/** The paths of a manifest's files in the tree; only asked for where a list said which these are, of one kernel. */
function listedFiles({ settings, entries }: Manifest): BytePath[] {
  if (!settings.listed) return [];
  const [kernel] = settings.kernels;
  const prefix = kernel === undefined || kernel.name === '' ? './' : `./${kernel.name}/`;
  const files = entries.filter(({ kind }) => kind !== 'directory');
  return files.map(entry => fromLatin1(entryPath(entry).slice(prefix.length)));
}

function otherVersion(codec: { name: string; version: string }, formatVersion: number): string | null {
  const ours = codecNamed(CODEC_NAMES.includes(codec.name) ? codec.name : DEFAULT_CODEC).id;
  if (codec.name !== ours.name || codec.version !== ours.version) {
    return `the archive was made with codec ${codec.name}/${codec.version}, here is ${ours.name}/${ours.version}`;
  }
  if (formatVersion !== FORMAT_VERSION)
    return `the archive has format ${formatVersion}, made here is ${FORMAT_VERSION}`;
  return null;
}

/** By what was said, and what the archive shows of the rest. */
export function settingsByArchive(
  index: ArchiveIndex,
  options: PackOptions,
  environment: Environment,
): RebuildSettings {
  const kernels = resolveKernels(options, environment);
  const { options: completed, shown, foreign } = inferOptions(index, options, kernels);
  const settings = resolveSettings(completed, environment);
  if (settings.kind !== 'pack') throw new TypeError('A tree is packed');
  const { content, execution } = settings;
  const said = saidSettings(options);
  const told = tell(content, setting => (shown.has(setting) ? 'archive' : said.has(setting) ? 'option' : 'default'));
  return { content, trees: execution.trees, told, notComparable: foreign };
}

function tell(content: ContentSettings, from: (setting: string) => RebuiltSetting['from']): RebuiltSetting[] {
  const view = viewOfSettings(settingsOf(content));
  // A list takes the profile's place, and is asked for by another option.
  const named = (setting: string): string =>
    setting === '--profile' && content.selection.listed !== null ? '--files-from' : setting;
  return [...view].map(([setting, value]) => ({ setting: named(setting), value, from: from(named(setting)) }));
}

/** The settings that options name, by the names of `SettingsView`. */
function saidSettings(options: PackOptions): Set<string> {
  const said = new Set<string>();
  const note = (isSaid: boolean, ...settings: string[]): void => {
    if (isSaid) for (const setting of settings) said.add(setting);
  };
  note(options.compat === true, '--profile', '--strip', '--order', 'dedup');
  note(options.profile !== undefined, '--profile');
  note(options.filesFrom !== undefined, '--files-from');
  note(options.arch !== undefined, '--arch');
  note(options.strip !== undefined, '--strip');
  note(options.order !== undefined, '--order');
  note(options.dedup !== undefined, 'dedup');
  note(options.mtime !== undefined, '--mtime');
  note(options.blockSize !== undefined, '--block-size');
  note(options.check !== undefined, '--check');
  note(options.codec !== undefined, 'codec');
  note((options.include ?? []).length > 0, '--include');
  note((options.exclude ?? []).length > 0, '--exclude');
  note(options.preset !== undefined, '--lzma2 mode', '--lzma2 nice', '--lzma2 mf', '--lzma2 depth');
  for (const pair of (options.lzma2 ?? '').split(',')) note(true, `--lzma2 ${pair.split('=')[0]}`);
  return said;
}
