import { structuredPatch } from 'diff';
import { fromLatin1, printable } from '../../bytes/bytePath.js';

/** A unified diff, cut at a number of lines. */
export interface UnifiedDiff {
  /** `@@` lines and those that begin with ` `, `+`, `-` or `\`, printable. */
  readonly lines: readonly string[];
  /** Lines that were left out. */
  readonly left: number;
}

/** Changed lines that the search for a short diff gives up at: it takes their square. The help and `NotShown` name it. */
const EDITS_MAX = 4_000;
const CONTEXT = 3;

/** A diff of two texts, or null where too much of them differs. */
export function unifiedDiff(a: Uint8Array, b: Uint8Array, linesMax: number): UnifiedDiff | null {
  const options = { context: CONTEXT, maxEditLength: EDITS_MAX };
  const patch = structuredPatch('a', 'b', latin1(a), latin1(b), '', '', options);
  if (patch === undefined) return null;
  const lines = patch.hunks.flatMap(hunk => [
    `@@ -${hunk.oldStart},${hunk.oldLines} +${hunk.newStart},${hunk.newLines} @@`,
    ...hunk.lines.map(shown),
  ]);
  return { lines: lines.slice(0, linesMax), left: Math.max(0, lines.length - linesMax) };
}

function latin1(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('latin1');
}

/** A line of a file cannot reach the terminal as it is: it may hold escape sequences. Tabs may stay. */
function shown(line: string): string {
  return line
    .split('\t')
    .map(part => printable(fromLatin1(part)))
    .join('\t');
}
