import { BOUNDS } from '../archive/diff/bounds.js';
import { formatBytes } from '../bytes/size.js';
import type { ComparedArchive, ContentDifference, DiffReport, NotShown, OnlyInOne } from '../model/diffReport.js';
import { painted } from './paint.js';

/** Causes told in the first lines, names told of a layer. */
const CAUSES_TOLD = 8;
const NAMES_TOLD = 10;

/** What differs, for people: the causes first, then each layer that has a difference. */
export function diffText(report: DiffReport): string {
  if (report.verdict === 'same') return `Same, byte for byte: ${report.a.name} and ${report.b.name}\n`;
  const layers = [settingLines, containerLines, entryLines, fieldLines, orderLines, contentLines];
  const lines = [...causeLines(report), '', archiveLine('A', report.a), archiveLine('B', report.b)];
  for (const layer of layers) {
    const [title, ...rest] = layer(report);
    if (title !== undefined && rest.length > 0) lines.push('', painted('bold', title), ...rest);
  }
  return lines.map(line => `${line}\n`).join('');
}

function causeLines({ causes }: DiffReport): string[] {
  const [first, ...others] = limited(
    causes.map(({ text }) => text),
    CAUSES_TOLD,
    'more causes',
  );
  return [
    `${painted('red', 'Different:')} ${first ?? 'it is not known why'}`,
    ...others.map(text => `           ${text}`),
  ];
}

function archiveLine(side: string, { name, size, blocks, entries, tar, settingsFrom }: ComparedArchive): string {
  const known =
    settingsFrom === 'manifest' ? 'settings from its manifest' : 'no manifest, so settings as far as it shows them';
  return `${side} ${name}: ${formatBytes(size)}, ${blocks} ${blocks === 1 ? 'Block' : 'Blocks'}, ${entries} entries, ${formatBytes(tar.size)} of tar; ${known}`;
}

function settingLines({ settings }: DiffReport): string[] {
  return ['Settings', ...settings.map(({ setting, from, to }) => `  ${setting}: ${from || 'none'} -> ${to || 'none'}`)];
}

function containerLines({ container, a, b }: DiffReport): string[] {
  const { changes, blocksOnlyInA, blocksOnlyInB } = container;
  const blocks = (side: string, only: readonly number[], all: number): string[] =>
    only.length === 0 ? [] : [`  ${only.length} of ${all} Blocks only in ${side}: ${shortList(only.map(String))}`];
  return [
    'Container',
    ...changes.map(({ setting, from, to }) => `  ${setting}: ${from} -> ${to}`),
    ...blocks('A', blocksOnlyInA, a.blocks),
    ...blocks('B', blocksOnlyInB, b.blocks),
  ];
}

function entryLines({ gatheredA, gatheredB }: DiffReport): string[] {
  const names = (side: string, only: readonly OnlyInOne[]): string[] =>
    limited(
      only.map(each => `  ${each.again ? 'more often' : 'only'} in ${side}: ${nameOf(each)}`),
      NAMES_TOLD,
      `more only in ${side}`,
    );
  return ['Entries', ...names('A', gatheredA), ...names('B', gatheredB)];
}

function nameOf({ path, below }: OnlyInOne): string {
  return below === 0 ? path : `${path} and ${below} below it`;
}

function fieldLines({ fields }: DiffReport): string[] {
  const lines = fields.map(({ field, from, to, count, example }) => {
    const where = count === 1 ? example : `${count} entries, such as ${example}`;
    return `  ${field}: ${from || 'none'} -> ${to || 'none'} (${where})`;
  });
  return ['Entry headers', ...limited(lines, NAMES_TOLD, 'more')];
}

function orderLines({ order }: DiffReport): string[] {
  if (order === null) return [];
  const { moved, orderA, orderB, firstA, firstB } = order;
  const entries = moved === 1 ? '1 entry' : `${moved} entries`;
  return [
    'Order',
    `  ${entries} moved; A: ${orderA}, B: ${orderB}`,
    `  the first that differs: ${firstA} in A, ${firstB} in B`,
  ];
}

function contentLines({ contents }: DiffReport): string[] {
  const { files, changed } = contents;
  const shown = files.filter(({ diff }) => diff !== null);
  const named = files.filter(({ diff }) => diff === null);
  // There are other bounds than what was asked for.
  const isLimited = named.slice(NAMES_TOLD).some(({ notShown }) => notShown === 'limit');
  const rest = `more files (${isLimited ? '--limit shows more' : '--json names them all'})`;
  return [
    changed === 1 ? 'Contents: 1 file' : `Contents: ${changed} files`,
    ...shown.flatMap(unifiedLines),
    ...limited(named.map(fileLine), NAMES_TOLD, rest),
  ];
}

/** Null where the line has it, or the last one. */
const WHY_NOT_SHOWN: Readonly<Record<NotShown, string | null>> = {
  binary: null,
  limit: null,
  'file size': `larger than ${BOUNDS.fileMiB} MiB`,
  files: `beyond ${BOUNDS.files} files`,
  'total size': `beyond ${BOUNDS.totalMiB} MiB in all`,
  'changed lines': `more than ${BOUNDS.changedLines} changed lines`,
};

function fileLine({ path, sizeA, sizeB, kind, notShown }: ContentDifference): string {
  const why = notShown === null ? null : WHY_NOT_SHOWN[notShown];
  const words = [kind, why].filter(word => word !== null);
  return `  ${path}: ${formatBytes(sizeA)} -> ${formatBytes(sizeB)}${words.length === 0 ? '' : ` (${words.join(', ')})`}`;
}

function unifiedLines({ path, diff, linesLeft }: ContentDifference): string[] {
  const left = linesLeft === 0 ? [] : [`... ${linesLeft} more lines (--lines shows more)`];
  return [
    painted('bold', `--- A/${tidy(path)}`),
    painted('bold', `+++ B/${tidy(path)}`),
    ...(diff ?? []).map(diffLine),
    ...left,
  ];
}

function diffLine(line: string): string {
  if (line.startsWith('@')) return painted('cyan', line);
  if (line.startsWith('+')) return painted('green', line);
  return line.startsWith('-') ? painted('red', line) : line;
}

function tidy(path: string): string {
  return path.replace(/^\.\//, '');
}

/** The first so many, and how many the rest are. */
function limited(lines: readonly string[], max: number, rest: string): string[] {
  return lines.length <= max ? [...lines] : [...lines.slice(0, max), `  ... and ${lines.length - max} ${rest}`];
}

function shortList(words: readonly string[]): string {
  const shown = words.slice(0, 12);
  return `${shown.join(', ')}${words.length > shown.length ? ' ...' : ''}`;
}
