import { once } from 'node:events';
import { readdirSync, readFileSync } from 'node:fs';
import { availableParallelism, loadavg } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { ended, startCli } from '../support/cli.js';
import { type Known, placeFor } from './commands.js';
import { wrongsOfNextRun } from './crashRounds.js';
import { type Fault, wrongs } from './judge.js';
import type { Place } from './place.js';
import type { Row } from './row.js';

export const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGKILL'] as const;

/** Seconds from a signal to the end of the process. */
const END_WITHIN = 2;

/**
 * Sends a signal at a random moment of a command, from its start to a little after its end, so many times. After SIGKILL
 * the command is run again: nothing that was left may be in its way.
 *
 * @param next numbers from 0 to 2^32 - 1
 */
export async function signalRounds(
  known: Known,
  signal: (typeof SIGNALS)[number],
  rounds: number,
  parent: string,
  next: () => number,
): Promise<Row> {
  const row = { fault: signal, command: known.name, runs: 0, hits: 0, wrong: [] as string[], slowest: 0 };
  for (let round = 0; round < rounds; round++) {
    const place = placeFor(known, parent);
    const moment = (next() / 2 ** 32) * known.seconds * 1.05;
    const child = startCli(known.args, { cwd: join(place.root, known.directory), env: { ...place.env, ...known.env } });
    const end = ended(child);
    const exit = once(child, 'exit');
    await Promise.race([sleep(moment * 1000), exit]);
    const sent = performance.now();
    child.kill(signal);
    await exit;
    const seconds = (performance.now() - sent) / 1000;
    const how = await end;
    const fault: Fault = signal === 'SIGKILL' ? { kind: 'killed', signal } : { kind: 'signal', signal };
    const wrong = wrongs(known, place, how, fault);
    if (seconds > END_WITHIN * strain()) wrong.push(`ended ${seconds.toFixed(1)} s after the signal`);
    if (signal !== 'SIGKILL') wrong.push(...(await processesLeft(place)));
    if (fault.kind === 'killed') wrong.push(...(await wrongsOfNextRun(known, place, fault)));
    place.remove();
    row.runs++;
    if (how.signal !== null) row.hits++;
    row.slowest = Math.max(row.slowest, seconds);
    row.wrong.push(...wrong.map(what => `after ${moment.toFixed(3)} s: ${what}`));
  }
  return row;
}

/** Children that are still there a second later: they have the place's directories in their environment. */
async function processesLeft({ root }: Place): Promise<string[]> {
  let left: string[] = [];
  for (let look = 0; look < 20; look++) {
    left = readdirSync('/proc').filter(pid => /^\d+$/.test(pid) && environmentOf(pid).includes(`TMPDIR=${root}/`));
    if (left.length === 0) break;
    await sleep(50);
  }
  return left.map(pid => `left process ${pid}`);
}

/** Empty for one that has ended, or is another user's. */
function environmentOf(pid: string): string {
  try {
    return readFileSync(`/proc/${pid}/environ`, 'latin1');
  } catch {
    return '';
  }
}

/** How many times slower than alone a process may run here, for want of processors. */
function strain(): number {
  return Math.max(1, (loadavg()[0] ?? 0) / availableParallelism());
}
