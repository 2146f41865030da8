import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { KheadersPackError } from '../errors.js';
import type { BenchSettings } from '../model/bench.js';
import type { TraceFile } from '../model/trace.js';
import { CommandFailed, measureCommand } from './command.js';
import { readingFrom } from './contender.js';
import { nameOf, ourCommand, type Program } from './ours.js';
import type { BenchResult, TracedRun } from './result.js';
import { withScratch } from './scratchRoom.js';

/**
 * One more run of ours, which counts for nothing, to be shown thread by thread: the fastest settings on the front, with the most
 * jobs of equals.
 *
 * @throws KheadersPackError `E_MEASURE`; `E_READ`
 */
export async function traceFastest(
  settings: BenchSettings,
  result: BenchResult,
  program: Program,
): Promise<TracedRun | null> {
  const ours = result.contenders.filter(({ kind }) => kind === 'ours');
  const [best] = ours.toSorted(
    (a, b) => Number(b.isOnFront) - Number(a.isOnFront) || a.seconds.median - b.seconds.median || b.jobs - a.jobs,
  );
  const point = settings.points.find(each => nameOf(each) === best?.name);
  if (best === undefined || point === undefined) return null;
  return withScratch(async scratch => {
    const trace = join(scratch, 'trace.json');
    const more = ['-o', join(scratch, 'traced.tar.xz'), '--trace', trace];
    try {
      await measureCommand(ourCommand(settings.input, point, { program, scratch, hasDecoder: false }, more));
    } catch (error) {
      if (!(error instanceof CommandFailed)) throw error;
      throw new KheadersPackError('E_MEASURE', { name: best.name, reason: error.message }, { cause: error });
    }
    const text = await readingFrom(trace, () => readFileSync(trace, 'utf8'));
    return { name: best.name, trace: JSON.parse(text) as TraceFile };
  });
}
