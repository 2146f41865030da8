import { fromLatin1, printable } from '../../bytes/bytePath.js';
import { formatBytes } from '../../bytes/size.js';
import type { IndexedEntry } from '../../model/archiveIndex.js';
import type { Cause, DiffReport, SettingChange } from '../../model/diffReport.js';
import { type EntryComparison, type FieldChange, isSame } from '../compare/entries.js';
import type { ChangeKind } from './classify.js';
import type { ContentFindings } from './contents.js';
import type { Ends } from './ends.js';
import { knownHeader, type MacroChange } from './knownHeaders.js';

/** What the causes are found from. */
export interface Found {
  readonly verdict: DiffReport['verdict'];
  readonly settings: readonly SettingChange[];
  readonly entries: EntryComparison;
  readonly contents: ContentFindings;
  readonly order: DiffReport['order'];
  readonly container: DiffReport['container'];
  /** The archive whose names begin with `./`, where the other's do not. */
  readonly dotted: 'A' | 'B' | null;
  /** Null where they are equally long, or do not begin at one place. */
  readonly ends: Ends | null;
}

/**
 * What the differences come from. A difference that follows from another is not told again: contents that only another
 * strip mode changed, time stamps that `--mtime` set, links that dedup made.
 */
export function causesOf(found: Found): Cause[] {
  if (found.verdict === 'same') return [];
  return [
    ...(found.verdict === 'other compression' ? [sameTar()] : []),
    ...found.settings.filter(change => !isOfCompression(change)).map(settingCause),
    ...entryCauses(found.entries, found.settings),
    ...contentCauses(found),
    ...metadataCauses(found),
    ...orderCauses(found),
    ...compressionCauses(found),
  ];
}

function sameTar(): Cause {
  return { layer: 'compression', text: 'compression alone: the tar inside is the same, byte for byte' };
}

function settingCause(change: SettingChange): Cause {
  return { layer: 'settings', text: settingText(change) };
}

function settingText({ setting, from, to }: SettingChange): string {
  return `${setting}: ${quoted(from)} -> ${quoted(to)}`;
}

/** Whether the setting leaves the tar as it is. */
function isOfCompression({ setting }: SettingChange): boolean {
  return ['codec', '--block-size', '--check'].includes(setting) || setting.startsWith('--lzma2 ');
}

function quoted(value: string): string {
  return value === '' ? 'none' : value;
}

function entryCauses({ onlyA, onlyB, again }: EntryComparison, settings: readonly SettingChange[]): Cause[] {
  const arch = settings.find(({ setting }) => setting === '--arch');
  const sides = [
    { side: 'A', entries: onlyA, arch: arch?.from },
    { side: 'B', entries: onlyB, arch: arch?.to },
  ];
  return sides.flatMap(({ side, entries, arch }) => {
    const own = entries.filter(({ name }) => arch === undefined || !isOfArch(name, arch));
    // A directory comes and goes with the files in it.
    const files = own.filter(({ typeflag }) => typeflag !== '5');
    const told = files.length > 0 ? files : own;
    const single = told.filter(entry => !again.has(entry));
    const known = single.filter(({ name }) => knownHeader(name) !== null);
    const others = single.filter(({ name }) => knownHeader(name) === null);
    const repeated = told.filter(entry => again.has(entry));
    return [
      ...known.map(
        entry => ({ layer: 'entries', text: `only in ${side}: ${nameOf(entry)}${presence(entry)}` }) as const,
      ),
      ...(others.length === 0
        ? []
        : [{ layer: 'entries', text: `only in ${side}: ${listed(others.map(nameOf))}` } as const]),
      ...(repeated.length === 0
        ? []
        : [{ layer: 'entries', text: `more often in ${side}: ${listed(repeated.map(nameOf))}` } as const]),
    ];
  });
}

/** Whether an entry is there because the architecture is. */
function isOfArch(name: string, arch: string): boolean {
  return name.replace(/^\.\//, '').startsWith(`arch/${arch}/`);
}

function presence({ name }: IndexedEntry): string {
  return name.endsWith('/utsversion.h')
    ? " (the build's number and time: gen_kheaders.sh archives it where it happens to exist, kheaders-pack never)"
    : ` (${knownHeader(name)?.about})`;
}

const KIND_TEXTS: Readonly<Record<ChangeKind, string>> = {
  code: 'changed',
  comments: 'changed in comments only (a compiler sees the same tokens)',
  'white space': 'changed in white space only',
  binary: 'changed (no text)',
};

function contentCauses({ contents, settings }: Found): Cause[] {
  const { kinds, macros, difference } = contents;
  const causes: Cause[] = [...macros].map(([path, changes]) => ({ layer: 'contents', text: knownText(path, changes) }));
  const isStripped = settings.some(({ setting }) => setting === '--strip');
  for (const kind of ['code', 'binary', 'comments', 'white space'] as const) {
    if (isStripped && (kind === 'comments' || kind === 'white space')) continue;
    const paths = (kinds.get(kind) ?? []).filter(path => !macros.has(path));
    if (paths.length > 0) causes.push({ layer: 'contents', text: `${listed(paths)} ${KIND_TEXTS[kind]}` });
  }
  const rest = difference.changed - difference.lookedInto;
  const why = isStripped ? ' as --strip may change them' : '';
  if (rest > 0)
    causes.push({ layer: 'contents', text: `${counted(rest, 'more file')} changed${why}, not looked into` });
  return causes;
}

const MACROS_TOLD = 3;

function knownText(path: string, changes: readonly MacroChange[]): string {
  const told = changes.slice(0, MACROS_TOLD).map(({ macro, from, to, cause }) => {
    const values = `${macro} ${from ?? '(not defined)'} -> ${to ?? '(not defined)'}`;
    return `${cause}: ${printable(fromLatin1(values))}`;
  });
  const rest = changes.length - told.length;
  return `${told.join('; ')}${rest > 0 ? `; and ${rest} more` : ''} (${path})`;
}

function metadataCauses({ entries, settings, contents, dotted }: Found): Cause[] {
  const isSet = (name: string): boolean => settings.some(({ setting }) => setting === name);
  // Which of equal files is stored, and which are links to it, depends on all of them and on their order.
  const others = contents.difference.changed + entries.onlyA.length + entries.onlyB.length;
  const mayFollow = isSet('dedup') || others > 0 || entries.order !== null;
  const fields = entries.fields
    .filter(change => !(change.field === 'mtime' && isSet('--mtime')) && !(isLinking(change) && mayFollow))
    .map(change => ({ layer: 'metadata', text: fieldText(change, entries.paired) }) as const);
  if (dotted === null) return fields;
  return [{ layer: 'metadata', text: `names begin with ./ in ${dotted}, and in the other they do not` }, ...fields];
}

/** Whether equal files changed places between stored and hard link. */
function isLinking({ field, from, to, isOfHardLinks }: FieldChange): boolean {
  return (field === 'linkname' && isOfHardLinks) || (field === 'typeflag' && /^[01]{2}$/.test(`${from}${to}`));
}

function fieldText({ field, from, to, count, example }: FieldChange, paired: number): string {
  const where =
    count === paired
      ? 'all entries'
      : count === 1
        ? printable(example)
        : `${count} entries, such as ${printable(example)}`;
  return `${field} of ${where}: ${quoted(from)} -> ${quoted(to)}`;
}

function orderCauses({ order, settings, entries }: Found): Cause[] {
  if (order === null || settings.some(({ setting }) => setting === '--order')) return [];
  const { moved, orderA, orderB, firstA, firstB } = order;
  const all = isOrderAlone(entries) ? 'the same entries in another order' : 'another order';
  const text = `${all}: ${counted(moved, 'entry')} moved (A: ${orderA}, B: ${orderB}); first ${firstA} against ${firstB}`;
  return [{ layer: 'order', text }];
}

function isOrderAlone({ onlyA, onlyB, contents, fields }: EntryComparison): boolean {
  const others = fields.filter(change => !isLinking(change));
  return onlyA.length + onlyB.length + contents.length + others.length === 0;
}

const UNSEEN =
  'tar headers or padding differ in what is not compared (such as extended attributes, other times, another tar program)';

function endsText({ a, b }: Ends): string {
  return `${formatBytes(a)} behind the last entry in A, ${formatBytes(b)} in B (zeros, or the index that pixz adds)`;
}

/** The settings that concern compression alone; or, where nothing else tells why, what the containers show. */
function compressionCauses({ verdict, settings, entries, container, dotted, ends }: Found): Cause[] {
  const told = settings.filter(isOfCompression);
  const causes: Cause[] =
    told.length === 0 ? [] : [{ layer: 'settings', text: `compression settings: ${told.map(settingText).join(', ')}` }];
  if (verdict === 'other tar') {
    const isTold = settings.length > told.length || dotted !== null || !isSame(entries);
    return isTold ? causes : [{ layer: 'metadata', text: ends === null ? UNSEEN : endsText(ends) }, ...causes];
  }
  if (settings.length > 0) return causes;
  const changes = container.changes.map(({ setting, from, to }) => `${setting} ${from} -> ${to}`);
  const text =
    changes.length > 0
      ? `another container: ${changes.join(', ')}`
      : 'another encoder, version of it, or an option that an archive does not state (preset, mode, nice, mf, depth)';
  return [{ layer: 'compression', text }];
}

function nameOf({ name }: IndexedEntry): string {
  return printable(name);
}

/** One name, or the first and how many in all. */
function listed([first = '', ...others]: readonly string[]): string {
  return others.length === 0 ? first : `${others.length + 1} files, such as ${first}`;
}

function counted(count: number, what: string): string {
  return count === 1 ? `1 ${what}` : `${count} ${what.endsWith('entry') ? 'entries' : `${what}s`}`;
}
