import { formatExactSize } from '../../bytes/size.js';
import type { ArchiveIndex } from '../../model/archiveIndex.js';
import type { SettingChange } from '../../model/diffReport.js';
import type { Manifest, ManifestSettings } from '../../model/manifest.js';
import { inferSettings } from './infer.js';

/** Settings as far as they are known, by the name that a person gives them, in the order that they are told in. */
export type SettingsView = ReadonlyMap<string, string>;

/** All that a manifest states. */
export function viewOfManifest({ tool, formatVersion, settings }: Manifest): SettingsView {
  const versions: [string, string][] = [
    ['kheaders-pack', tool.version],
    ['archive format', String(formatVersion)],
  ];
  return new Map([...versions, ...viewOfSettings(settings)]);
}

export function viewOfSettings(settings: ManifestSettings): SettingsView {
  const { encoding, kernels } = settings;
  const { codec, lzma2 } = encoding;
  return new Map([
    ['codec', `${codec.name}/${codec.version}`],
    ['--profile', settings.listed ? 'a list of files' : `${settings.profile}${settings.symvers ? ' --symvers' : ''}`],
    ...named('kernels', ...kernels.map(({ name }) => name)),
    ...named('--arch', ...kernels.map(({ srcarch }) => srcarch)),
    ['--include', settings.include.join(' ')],
    ['--exclude', settings.exclude.join(' ')],
    ['--strip', settings.strip],
    ['--order', settings.order],
    ['dedup', settings.dedup ? 'yes' : 'no'],
    ['--mtime', String(settings.mtime)],
    ['--block-size', formatExactSize(settings.blockSize)],
    ['--check', encoding.check],
    ['--lzma2 dict', formatExactSize(lzma2.dictionarySize)],
    ['--lzma2 lc', String(lzma2.lc)],
    ['--lzma2 lp', String(lzma2.lp)],
    ['--lzma2 pb', String(lzma2.pb)],
    ['--lzma2 mode', lzma2.mode],
    ['--lzma2 nice', String(lzma2.niceLength)],
    ['--lzma2 mf', lzma2.matchFinder],
    ['--lzma2 depth', String(lzma2.depth)],
  ]);
}

/** Nothing where no word says anything: an archive of one kernel has no name for it, profile `all` has no architecture. */
function named(setting: string, ...words: string[]): [string, string][] {
  const told = new Set(words.filter(word => word !== ''));
  return told.size === 0 ? [] : [[setting, [...told].join(', ')]];
}

/** What an archive shows by itself: its Block Headers, the cut into Blocks, and its entries. */
export function viewOfIndex(index: ArchiveIndex): SettingsView {
  const { check, dictionarySize, literals, blockSize, order, dedup, mtime, arch } = inferSettings(index);
  const shown: [string, string | null][] = [
    ['--arch', arch],
    ['--order', order],
    ['dedup', dedup === null ? null : dedup ? 'yes' : 'no'],
    ['--mtime', mtime === null ? null : String(mtime)],
    ['--block-size', blockSize === null ? null : formatExactSize(blockSize)],
    ['--check', check],
    ['--lzma2 dict', dictionarySize === null ? null : formatExactSize(dictionarySize)],
    ['--lzma2 lc', literals === null ? null : String(literals.lc)],
    ['--lzma2 lp', literals === null ? null : String(literals.lp)],
    ['--lzma2 pb', literals === null ? null : String(literals.pb)],
  ];
  return new Map(shown.filter((each): each is [string, string] => each[1] !== null));
}

/** The settings that are known of both and differ. */
export function settingChanges(a: SettingsView, b: SettingsView): SettingChange[] {
  return [...a].flatMap(([setting, from]) => {
    const to = b.get(setting);
    return to === undefined || to === from ? [] : [{ setting, from, to }];
  });
}
