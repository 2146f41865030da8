/**
 * The fault table with as many rounds as are asked for:
 *
 *     npm run faults -- [ROUNDS] [SEED] [WORD]
 *
 * ROUNDS (default 10): moments of each signal, and failing calls of each kind, for each command. SEED (default: from the
 * clock) is printed. Rows whose fault or command holds WORD alone are run. Exit 1 when anything is not as it should be.
 */
import { spawnSync } from 'node:child_process';
import { chmodSync, mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { xorshift } from '../bytes/xorshift.js';
import { commandsOn, type Known, know, makeShared, threadedCommandsOn } from './commands.js';
import { crashRounds } from './crashRounds.js';
import { buildShim, FAILING_CALLS, failingCallRounds } from './failingCalls.js';
import {
  canStart,
  filesLimit,
  groupLimit,
  limitRound,
  memoryLimit,
  SURROUNDINGS,
  threadsLimit,
  unlessAlone,
  userLimit,
} from './limits.js';
import { withMemoryGroup } from './memoryGroup.js';
import type { Row } from './row.js';
import { shrinkingDiskRounds } from './shrinkingDisk.js';
import { SIGNALS, signalRounds } from './signalRounds.js';
import { DEATHS, dyingChildRounds, dyingWorkerRounds } from './workerRounds.js';

const [rounds = 10, seed = Date.now() % 2 ** 31, word = ''] = [
  ...process.argv.slice(2, 4).map(Number),
  ...process.argv.slice(4),
] as [number?, number?, string?];
if (!Number.isInteger(rounds) || !Number.isInteger(seed)) {
  throw new TypeError('ROUNDS and SEED are whole numbers: npm run faults -- [ROUNDS] [SEED] [WORD]');
}
const FILES = [20, 22, 24, 26, 28, 30, 32, 36, 40, 48, 64];
const MIB = 1024;
const ADDRESS_SPACE = [600, 700, 800, 1000, 1200, 1600, 2400, 4000, 8000, 16_000, 32_000].map(mib => mib * MIB);
const THREADS = [5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 16];
const GROUPS = [32, 40, 48, 56, 64, 80, 128].map(mib => mib * 2 ** 20);
const CHILDREN = { 'verify --vary': '--no-cache', bench: '--no-cache' } as Readonly<Record<string, string>>;

const directory = mkdtempSync(join(tmpdir(), 'kheaders-pack-faults-'));
// Other users are to find what they are given there.
chmodSync(directory, 0o755);
const next = xorshift(seed);
let failed = 0;

function tell({ fault, command, runs, hits, wrong }: Row): void {
  failed += wrong.length;
  process.stdout.write(`| ${fault} | ${command} | ${hits} of ${runs} | ${wrong.length === 0 ? 'right' : 'WRONG'} |\n`);
  for (const what of wrong.slice(0, 5)) process.stdout.write(`    ${what.replaceAll('\n', '\n    ')}\n`);
}

async function rowsOf(known: Known, shim: string, shared: string): Promise<void> {
  const counter = join(directory, 'count');
  const rows: [name: string, run: () => Promise<Row>][] = [];
  for (const signal of SIGNALS) rows.push([signal, () => signalRounds(known, signal, rounds, directory, next)]);
  for (const failing of FAILING_CALLS) {
    const under = failing.call === 'read' || failing.call === 'opendir' ? shared : null;
    const run = (): Promise<Row> => failingCallRounds(known, failing, under, rounds, directory, shim, next);
    rows.push([`${failing.call}: ${failing.error}`, run]);
  }
  for (const how of DEATHS) rows.push([`worker ${how}`, () => dyingWorkerRounds(known, how, [0, 1, 2, 3], directory)]);
  const child = CHILDREN[known.name];
  if (child !== undefined) rows.push(['child', () => dyingChildRounds(known, 'SIGSEGV', child, directory)]);
  const limits = [...FILES.map(filesLimit), ...ADDRESS_SPACE.map(memoryLimit), ...SURROUNDINGS];
  for (const limit of limits) if (canStart(limit)) rows.push([limit.name, () => limitRound(known, limit, directory)]);
  // A child that is a Node, and gets fewer threads than it needs itself, may wait for them for ever.
  const threads = child === undefined ? THREADS : [];
  for (const count of threads) {
    if (!canStart(threadsLimit(count, shim, counter))) continue;
    rows.push([`threads ${count}`, () => limitRound(known, threadsLimit(count, shim, counter), directory)]);
  }
  if (unlessAlone() === false) {
    for (const limit of threads.map(userLimit)) {
      if (canStart(limit)) rows.push([limit.name, () => limitRound(known, limit, directory)]);
    }
  }
  rows.push(['crash', () => crashRounds(known, [1, 2, 3, 4], directory)]);
  for (const [name, run] of rows) if (`${name} ${known.name}`.includes(word)) tell(await run());
  if (`disk ${known.name}`.includes(word)) {
    const row = await shrinkingDiskRounds(known, rounds, directory, next);
    if (typeof row !== 'string') tell(row);
    else process.stdout.write(`| the disk shrinks | ${known.name} | skipped: ${row} | |\n`);
  }
  for (const bytes of GROUPS) {
    if (!`control group ${known.name}`.includes(word)) continue;
    const run = async (group: string): Promise<void> =>
      tell(await limitRound(known, groupLimit(group, bytes), directory));
    const reason = await withMemoryGroup(bytes, run);
    if (reason !== false) process.stdout.write(`| a control group | ${known.name} | skipped: ${reason} | |\n`);
  }
}

try {
  process.stdout.write(`Seed ${seed}, ${rounds} rounds\n\n| fault | command | reached | |\n|---|---|---|---|\n`);
  const shim = buildShim(directory);
  const shared = await makeShared(join(directory, 'shared'));
  const commands = [...commandsOn(shared), ...threadedCommandsOn(shared)];
  for (const command of commands) await rowsOf(await know(command, directory), shim, shared.directory);
  process.stdout.write(`\n${failed === 0 ? 'All as it should be' : `${failed} things are wrong`}\n`);
  process.exitCode = failed === 0 ? 0 : 1;
} finally {
  spawnSync('rm', ['-rf', directory]);
}
