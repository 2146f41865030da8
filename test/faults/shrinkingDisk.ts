import { mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { ended, startCli } from '../support/cli.js';
import { onSmallDisk, type SmallDisk } from '../support/tools.js';
import { type Known, placeFor } from './commands.js';
import { wrongs } from './judge.js';
import type { Row } from './row.js';

/** Bytes: enough for every command. */
const DISK = 2 ** 27;

/**
 * Lets the disk that a command writes to become full while it writes: it is stopped as soon as it has written something, in
 * later rounds a random moment after that; all that is free is taken away; and it goes on.
 *
 * @param next numbers from 0 to 2^32 - 1
 * @returns the row, or a reason to skip
 */
export async function shrinkingDiskRounds(
  known: Known,
  rounds: number,
  parent: string,
  next: () => number,
): Promise<Row | string> {
  const wrong: string[] = [];
  let hits = 0;
  for (let round = 0; round < rounds; round++) {
    const delay = round === 0 ? 0 : (next() / 2 ** 32) * known.seconds * 500;
    const directory = mkdtempSync(join(parent, 'disk-'));
    const skip = await onSmallDisk(directory, DISK, async disk => {
      const place = placeFor(known, directory);
      const env = { ...place.env, ...known.env };
      const child = startCli(known.args, { cwd: join(place.root, known.directory), env });
      const end = ended(child);
      await written(disk, end, delay);
      child.kill('SIGSTOP');
      disk.shrink();
      child.kill('SIGCONT');
      const how = await end;
      if (how.code !== known.code) hits++;
      wrong.push(
        ...wrongs(known, place, how, { kind: 'failure' }).map(what => `${delay.toFixed(0)} ms later: ${what}`),
      );
    });
    rmSync(directory, { recursive: true, force: true });
    if (skip !== false) return skip;
  }
  return { fault: 'the disk shrinks', command: known.name, runs: rounds, hits, wrong };
}

/** Waits until more of the disk is used than now, and so many milliseconds; or for the command's end. */
async function written(disk: SmallDisk, end: Promise<unknown>, delay: number): Promise<void> {
  let isOver = false;
  void end.finally(() => {
    isOver = true;
  });
  const before = disk.used();
  while (!isOver && disk.used() === before) await sleep(1);
  if (delay > 0 && !isOver) await Promise.race([sleep(delay), end]);
}
