import { structuredPatch } from 'diff';
import { fromLatin1, printable, toUtf8 } from '../../bytes/bytePath.js';
import { BOUNDS } from './bounds.js';

/** A unified diff, cut at a number of lines. */
export interface UnifiedDiff {
  /** `@@` lines and those that begin with ` `, `+`, `-` or `\`, printable. */
  readonly lines: readonly string[];
  /** Lines that were left out, without what would be remarked on them. */
  readonly left: number;
}

const CONTEXT = 3;

/** A diff of two texts, or null where too much of them differs. */
export function unifiedDiff(a: Uint8Array, b: Uint8Array, linesMax: number): UnifiedDiff | null {
  const options = { context: CONTEXT, maxEditLength: BOUNDS.changedLines };
  const patch = structuredPatch('a', 'b', latin1(a), latin1(b), '', '', options);
  if (patch === undefined) return null;
  const lines = patch.hunks.flatMap(hunk => [
    `@@ -${hunk.oldStart},${hunk.oldLines} +${hunk.newStart},${hunk.newLines} @@`,
    ...hunk.lines,
  ]);
  return { lines: shown(lines.slice(0, linesMax)), left: Math.max(0, lines.length - linesMax) };
}

function latin1(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('latin1');
}

/**
 * A line of a file cannot reach the terminal as it is: it may hold escape sequences. Tabs may stay. A line without any is as
 * it is, whatever it spells, so behind those with something escaped there is a remark: the two could look the same.
 */
function shown(lines: readonly string[]): string[] {
  const told: string[] = [];
  let escaped = 0;
  for (const line of lines) {
    const parts = line.split('\t').map(fromLatin1);
    const isClean = parts.every(part => printable(part) === toUtf8(part));
    if (isClean && escaped > 0) told.push(remarkOn(escaped));
    escaped = isClean ? 0 : escaped + 1;
    told.push(parts.map(part => printable(isClean ? part : fromLatin1(part.replaceAll('\\', '\\\\')))).join('\t'));
  }
  return escaped > 0 ? [...told, remarkOn(escaped)] : told;
}

/** Begins as diff(1)'s own remark on the line above it does, that it has no newline: no line of a file begins so. */
function remarkOn(lines: number): string {
  const where = lines === 1 ? 'the line above' : `the ${lines} lines above`;
  return `\\ Escaped in ${where}: what is not shown as it is, and each backslash, which is doubled`;
}
