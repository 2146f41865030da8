import { existsSync, lutimesSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { PROGRAM, run } from '../support/cli.js';
import { preload } from '../support/preload/preload.js';
import { type Known, placeFor, runIn } from './commands.js';
import { type Fault, wrongs } from './judge.js';
import type { Place } from './place.js';
import type { Row } from './row.js';

/** Seconds after which what a dead run left beside an output goes with the next: an hour, and some. */
const OLD = 4000;

/**
 * Lets a command crash as a bug in native code would have it, in a run for each of the tasks: SIGSEGV right before a worker
 * thread's n-th. It is run again in the same place, and once more an hour later.
 */
export async function crashRounds(known: Known, tasks: readonly number[], parent: string): Promise<Row> {
  const fault: Fault = { kind: 'killed', signal: 'SIGSEGV' };
  const wrong: string[] = [];
  let hits = 0;
  for (const at of tasks) {
    const place = placeFor(known, parent);
    const env = { ...place.env, ...known.env, ...preload('dyingWorker'), DIE_HOW: 'SIGSEGV', DIE_AT: String(at) };
    // Where cores are written, they are written here.
    const command = ['-c', 'ulimit -c 0; exec "$@"', 'sh', process.execPath, PROGRAM, ...known.args];
    const ended = await run('sh', command, { cwd: join(place.root, known.directory), env });
    const found = wrongs(known, place, ended, fault);
    // 2: a child of it crashed.
    if (ended.signal === 'SIGSEGV' || ended.code === 2) hits++;
    if (ended.signal === 'SIGSEGV') {
      found.push(...(await wrongsOfNextRun(known, place, fault)));
      found.push(...(await wrongsOfLaterRun(known, place)));
    }
    wrong.push(...found.map(what => `before task ${at}: ${what}`));
    place.remove();
  }
  return { fault: 'a crash in a worker: SIGSEGV', command: known.name, runs: tasks.length, hits, wrong };
}

/** What is wrong when a command is run again in the place where it was killed: nothing that was left may be in its way. */
export async function wrongsOfNextRun(known: Known, place: Place, fault: Fault): Promise<string[]> {
  if (known.makesOnce !== null && existsSync(join(place.root, known.makesOnce))) return [];
  const again = await runIn(place, known);
  const wrong = wrongs(known, place, again, fault);
  if (again.code !== known.code) wrong.push(`exit code ${again.code}: ${again.stderr}`);
  return wrong.map(what => `run again: ${what}`);
}

/** What is wrong when it is run an hour later: what was left beside its outputs has to go by then. */
async function wrongsOfLaterRun(known: Known, place: Place): Promise<string[]> {
  if (known.makesOnce !== null) return [];
  const then = Date.now() / 1000 - OLD;
  const temporary = (): string[] =>
    readdirSync(place.root, { recursive: true, encoding: 'utf8' }).filter(path => /(?:^|\/)\.tmp_/.test(path));
  for (const path of temporary()) lutimesSync(join(place.root, path), then, then);
  await runIn(place, known);
  return temporary().map(path => `an hour later: left ${path}`);
}
