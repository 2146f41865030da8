import type { CorpusTree } from '../trees.js';
import { type ParityCase, type SkippedCase, scriptOf, treeCases } from './cases.js';
import { type Bench, type Comparison, compare } from './compare.js';
import { madeCases } from './made.js';
import { compareWithUtsversion } from './utsversion.js';

export type Verdict = 'same' | 'differs' | 'skipped' | 'trouble';

/** What became of one case. */
export interface Outcome {
  readonly name: string;
  readonly verdict: Verdict;
  /** Null where there was nothing to compare. */
  readonly comparison: Comparison | null;
  /** Why it was skipped, what went wrong, where the tars differ. */
  readonly remarks: readonly string[];
}

const MOST_REMARKS = 10;

/** Runs the cases one after the other, each when it is asked for. */
export function* trials(trees: readonly CorpusTree[], bench: Bench): Generator<Outcome> {
  // Trees that have a script of their own first: they are the proof, the others lend theirs.
  const sorted = [...trees].sort(
    (a, b) => Number(scriptOf(a.source) === undefined) - Number(scriptOf(b.source) === undefined),
  );
  const script = sorted.map(tree => scriptOf(tree.source)).find(path => path !== undefined);
  const onTrees = sorted.flatMap(tree => treeCases(tree, script));
  for (const each of onTrees) yield 'reason' in each ? skipped(each) : attempt(each, () => compare(each, bench));
  if (script === undefined) {
    yield skipped({ name: 'made-up trees', reason: 'no kernel/gen_kheaders.sh here (npm run corpus -- --full)' });
    return;
  }
  const first = onTrees.find(each => !('reason' in each));
  if (first !== undefined && 'script' in first) {
    const each = { ...first, name: `${first.name}, utsversion.h left out and nothing else` };
    yield attempt(each, () => compareWithUtsversion(each, bench));
  }
  for (const each of madeCases(bench.scratch, script)) yield attempt(each, () => compare(each, bench));
}

function skipped({ name, reason }: SkippedCase): Outcome {
  return { name, verdict: 'skipped', comparison: null, remarks: [reason] };
}

function attempt({ name }: ParityCase, run: () => Comparison): Outcome {
  try {
    const comparison = run();
    return {
      name,
      verdict: comparison.isSame ? 'same' : 'differs',
      comparison,
      remarks: firstOf(comparison.difference),
    };
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    return { name, verdict: 'trouble', comparison: null, remarks: error.message.split('\n') };
  }
}

function firstOf(lines: readonly string[]): string[] {
  const more = lines.length - MOST_REMARKS;
  return [...lines.slice(0, MOST_REMARKS), ...(more > 0 ? [`and ${more} more`] : [])];
}
