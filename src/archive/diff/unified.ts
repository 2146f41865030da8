import { structuredPatch } from 'diff';
import { fromLatin1, printable, toUtf8 } from '../../bytes/bytePath.js';

/** A unified diff, cut at a number of lines. */
export interface UnifiedDiff {
  /** `@@` lines and those that begin with ` `, `+`, `-` or `\`, printable. */
  readonly lines: readonly string[];
  /** Lines that were left out, without what would be remarked on them. */
  readonly left: number;
}

/** Changed lines that the search for a short diff gives up at: it takes their square. The help and `NotShown` name it. */
const EDITS_MAX = 4_000;
const CONTEXT = 3;

/** Begins as diff(1)'s own remark on the line above it does, that it has no newline: no line of a file begins so. */
const ESCAPED = '\\ Escaped in the line above: what is not shown as it is, and each backslash, which is doubled';

/** A diff of two texts, or null where too much of them differs. */
export function unifiedDiff(a: Uint8Array, b: Uint8Array, linesMax: number): UnifiedDiff | null {
  const options = { context: CONTEXT, maxEditLength: EDITS_MAX };
  const patch = structuredPatch('a', 'b', latin1(a), latin1(b), '', '', options);
  if (patch === undefined) return null;
  const lines = patch.hunks.flatMap(hunk => [
    `@@ -${hunk.oldStart},${hunk.oldLines} +${hunk.newStart},${hunk.newLines} @@`,
    ...hunk.lines,
  ]);
  return { lines: lines.slice(0, linesMax).flatMap(shown), left: Math.max(0, lines.length - linesMax) };
}

function latin1(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('latin1');
}

/**
 * A line of a file cannot reach the terminal as it is: it may hold escape sequences. Tabs may stay. A line without any is as
 * it is, whatever it spells, so one with something escaped has a remark behind it: the two could look the same.
 */
function shown(line: string): string[] {
  const parts = line.split('\t').map(fromLatin1);
  if (parts.every(part => printable(part) === toUtf8(part))) return [parts.map(printable).join('\t')];
  const escaped = parts.map(part => printable(fromLatin1(part.replaceAll('\\', '\\\\'))));
  return [escaped.join('\t'), ESCAPED];
}
