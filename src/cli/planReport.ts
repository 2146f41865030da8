import { type BytePath, printable, toJson } from '../bytes/bytePath.js';
import { formatBytes } from '../bytes/size.js';
import type { Plan, PlannedEntry } from '../model/plan.js';
import { asJson } from './json.js';

const TYPES: Readonly<Record<PlannedEntry['kind'], string>> = {
  directory: 'd',
  regular: '-',
  symlink: 'l',
  hardlink: 'h',
};

/** The plan as a listing in the manner of `tar -tv`, Block by Block. */
export function planText(plan: Plan): string {
  const lines: string[] = [];
  plan.blocks.forEach((block, i) => {
    const part = block.skip > 0 ? `, from byte ${block.skip} of its first entry` : '';
    lines.push(`Block ${i + 1}: ${formatBytes(block.size)}${part}`);
    for (const entry of plan.entries.slice(block.first, block.end)) lines.push(`  ${entryText(entry)}`);
  });
  lines.push(`Block ${plan.blocks.length + 1}: ${formatBytes(plan.endSize)}, the end of the archive`);
  lines.push(`${plan.entries.length} entries, ${formatBytes(plan.tarSize)} of tar, mtime ${plan.mtime}`);
  return `${lines.join('\n')}\n`;
}

/** The plan as JSON: one object, a path a string, with `pathBase64` beside it where its bytes are not UTF-8. */
export function planJson(plan: Plan): string {
  const { formatVersion, mtime, tarSize, endSize, blocks } = plan;
  const entries = plan.entries.map(entryJson);
  const all = { schema: 'kheaders-pack/plan/1', formatVersion, mtime, tarSize, endSize, blocks, entries };
  return asJson(all);
}

function entryText(entry: PlannedEntry): string {
  const size = entry.kind === 'regular' ? entry.size : 0;
  const target =
    entry.kind === 'symlink'
      ? ` -> ${printable(entry.target)}`
      : entry.kind === 'hardlink'
        ? ` link to ${printable(entry.target)}`
        : '';
  return `${TYPES[entry.kind]}${permissions(entry.mode)} ${String(size).padStart(9)} ${printable(entry.name)}${target}`;
}

/** Permission bits as `ls -l` writes them. */
function permissions(mode: number): string {
  return Array.from('rwxrwxrwx', (letter, i) => ((mode >> (8 - i)) & 1 ? letter : '-')).join('');
}

function entryJson(entry: PlannedEntry): object {
  const base = { kind: entry.kind, ...toJson(entry.name), mode: entry.mode };
  switch (entry.kind) {
    case 'directory':
      return base;
    case 'regular':
      return { ...base, size: entry.size, strip: entry.source.strip, sha256: entry.source.digest };
    default:
      return { ...base, ...targetJson(entry.target) };
  }
}

function targetJson(target: BytePath): object {
  const { path, pathBase64 } = toJson(target);
  return pathBase64 === undefined ? { target: path } : { target: path, targetBase64: pathBase64 };
}
