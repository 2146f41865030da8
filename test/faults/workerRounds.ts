import { preload } from '../support/preload/preload.js';
import { type Known, placeFor, runIn } from './commands.js';
import { wrongs } from './judge.js';
import type { Row } from './row.js';

/** How a worker thread dies, from inside; SIGSEGV in one is the end of the whole process. */
export const DEATHS = ['exit', 'error', 'memory'] as const;

/** Lets worker threads die, in a run for each of the tasks: right before a thread's n-th, or, at 0, while it starts. */
export async function dyingWorkerRounds(
  known: Known,
  how: (typeof DEATHS)[number],
  tasks: readonly number[],
  parent: string,
): Promise<Row> {
  const wrong: string[] = [];
  let hits = 0;
  for (const at of tasks) {
    const place = placeFor(known, parent);
    const { NODE_OPTIONS } = preload('dyingWorker');
    // A heap that is full soon.
    const limit = how === 'memory' ? ' --max-old-space-size=64' : '';
    const env = { NODE_OPTIONS: `${NODE_OPTIONS}${limit}`, DIE_HOW: how, DIE_AT: String(at) };
    const ended = await runIn(place, known, env);
    if (ended.code === 2) hits++;
    wrong.push(...wrongs(known, place, ended, { kind: 'failure' }).map(what => `${how} before task ${at}: ${what}`));
    place.remove();
  }
  return { fault: `a worker dies: ${how}`, command: known.name, runs: tasks.length, hits, wrong };
}

/** Lets a child process of the program die at its start; `word` is on the child's command line and on no other. */
export async function dyingChildRounds(
  known: Known,
  how: 'SIGSEGV' | 'SIGKILL' | 'exit',
  word: string,
  parent: string,
): Promise<Row> {
  const place = placeFor(known, parent);
  const ended = await runIn(place, known, { ...preload('dyingWorker'), DIE_HOW: how, DIE_IN: word });
  const wrong = wrongs(known, place, ended, { kind: 'failure' });
  place.remove();
  return { fault: `a child dies: ${how}`, command: known.name, runs: 1, hits: ended.code === 2 ? 1 : 0, wrong };
}
