import { spawnSync } from 'node:child_process';
import { chmodSync, chownSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type ChildOptions, PROGRAM, run } from '../support/cli.js';
import { ORDINARY, unless, unlessNobody } from '../support/tools.js';
import { type Known, placeFor } from './commands.js';
import { wrongsOfNextRun } from './crashRounds.js';
import { failing } from './failingCalls.js';
import { type Fault, wrongs } from './judge.js';
import type { Place } from './place.js';
import type { Row } from './row.js';

/** Something that is short, or missing. */
export interface Limit {
  readonly name: string;
  /** What the shell does before it becomes the program. */
  readonly setUp: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Who runs it: anyone, somebody whom permissions hold back, or a user who has no other process. */
  readonly runsAs: 'anyone' | 'ordinary' | 'alone';
  readonly prepare: (place: Place) => void;
  /** Whether the kernel may kill what exceeds it. */
  readonly isDeadly: boolean;
  /** Whether nobody sees what goes to standard output. */
  readonly hidesOutput: boolean;
  /** Whether a command does all the same, and ends as ever. It is run without --quiet, to say what it has to say. */
  readonly isHarmless: boolean;
  /** Called before each process that is started under it. */
  readonly reset: () => void;
}

const NONE = {
  setUp: '',
  env: {},
  runsAs: 'anyone',
  prepare: (): void => undefined,
  isDeadly: false,
  hidesOutput: false,
  isHarmless: false,
  reset: (): void => undefined,
} as const;

/** A user of this process's own: what others run would count against its limit. */
const ALONE = 200_000 + process.pid;

/** Runs of `setrlimit`, from what Node can just start with to what is enough. */
export function filesLimit(count: number): Limit {
  return { ...NONE, name: `ulimit -n ${count}`, setUp: `ulimit -n ${count}; ` };
}

/** @param kib of address space */
export function memoryLimit(kib: number): Limit {
  return { ...NONE, name: `ulimit -v ${kib}`, setUp: `ulimit -v ${kib}; ` };
}

/** Every thread but the first `count` of the process is refused. */
export function threadsLimit(count: number, shim: string, counter: string): Limit {
  const asked = { call: 'thread', error: 'EAGAIN', at: count + 1, many: 1_000_000, under: '/' } as const;
  const reset = (): void => void failing(shim, counter, asked);
  return { ...NONE, name: `${count} threads at most`, env: failing(shim, counter, asked).env, reset };
}

/** So many threads of all processes of the user, by the kernel: root is exempt. */
export function userLimit(count: number): Limit {
  const setUp = `prlimit --pid $$ --nproc=${count}:${count}; `;
  return { ...NONE, name: `ulimit -u ${count}`, runsAs: 'alone', setUp };
}

/** A reason to skip `userLimit`, else false. */
export function unlessAlone(): string | false {
  const tools = unless('prlimit', 'sh');
  if (tools !== false) return tools;
  return process.getuid?.() === 0 ? unlessNobody() : 'only root can run the program as a user who has no other process';
}

/** @param directory of a control group with a limit of memory of so many bytes */
export function groupLimit(directory: string, bytes: number): Limit {
  const setUp = `echo $$ > '${directory}/cgroup.procs'; `;
  return { ...NONE, name: `a control group of ${bytes / 2 ** 20} MiB`, isDeadly: true, setUp };
}

export const GONE: Limit = {
  ...NONE,
  name: 'the working directory is gone',
  setUp: 'mkdir gone; cd gone; rmdir ../gone; ',
};

/** Not even root can make it. */
const NOWHERE = '/dev/null/nowhere';

export const SURROUNDINGS: readonly Limit[] = [
  {
    ...NONE,
    name: 'HOME is read-only',
    runsAs: 'ordinary',
    env: { KHEADERS_PACK_CACHE: undefined },
    prepare: ({ root }) => chmodSync(join(root, 'home'), 0o555),
  },
  { ...NONE, name: 'HOME is missing', env: { HOME: NOWHERE, KHEADERS_PACK_CACHE: undefined } },
  { ...NONE, name: 'HOME is not set', env: { HOME: undefined, KHEADERS_PACK_CACHE: undefined } },
  { ...NONE, name: 'TMPDIR is missing', env: { TMPDIR: NOWHERE } },
  { ...NONE, name: 'standard input is closed', setUp: 'exec <&-; ' },
  // Node opens /dev/null in the place of what is closed, before any code of ours.
  { ...NONE, name: 'standard output is closed', setUp: 'exec >&-; ', hidesOutput: true },
  { ...NONE, name: 'standard error is closed', setUp: 'exec 2>&-; ', hidesOutput: true, isHarmless: true },
  { ...NONE, name: 'standard error is full', setUp: 'exec 2>/dev/full; ', hidesOutput: true, isHarmless: true },
  { ...NONE, name: 'files may have 16 KiB', setUp: 'ulimit -f 32; ' },
  GONE,
];

/** Node starts in a tenth of this, in milliseconds, or waits for a thread that it will never have. */
const START_MAX = 10_000;

/** Whether Node itself can start so. Where it cannot, nothing of ours has run yet. */
export function canStart(limit: Limit): boolean {
  const known = startable.get(limit.name);
  if (known !== undefined) return known;
  limit.reset();
  const { user } = identityOf(limit);
  const { status } = spawnSync('sh', ['-c', `${limit.setUp}exec "$@"`, 'sh', process.execPath, '-e', '0'], {
    env: { ...process.env, ...limit.env },
    cwd: tmpdir(),
    timeout: START_MAX,
    killSignal: 'SIGKILL',
    ...(user === undefined ? {} : { uid: user, gid: user }),
  });
  startable.set(limit.name, status === 0);
  return status === 0;
}

const startable = new Map<string, boolean>();

/** Runs a command under a limit. */
export async function limitRound(known: Known, limit: Limit, parent: string): Promise<Row> {
  const place = placeFor(known, parent);
  const identity = identityOf(limit);
  if (identity.user !== undefined) giveAway(place.root, identity.user);
  limit.prepare(place);
  const options: ChildOptions = {
    cwd: join(place.root, known.directory),
    env: { ...place.env, ...known.env, ...limit.env },
    ...identity,
  };
  const args = known.args.filter(arg => !limit.isHarmless || arg !== '-q');
  const shell = ['-c', `${limit.setUp}exec "$@"`, 'sh', process.execPath, PROGRAM, ...args];
  limit.reset();
  const { stdout, ...how } = await run('sh', shell, options);
  const ended = { ...how, stdout: limit.hidesOutput ? known.stdout : stdout };
  chmodSync(join(place.root, 'home'), 0o755);
  // A secret that is not this user's is not read.
  if (identity.user !== undefined) giveAway(place.root, process.getuid?.() ?? 0);
  const isKilled = limit.isDeadly && ended.signal === 'SIGKILL';
  const fault: Fault = isKilled ? { kind: 'killed', signal: 'SIGKILL' } : { kind: 'failure' };
  const wrong = wrongs(known, place, ended, fault);
  if (isKilled) wrong.push(...(await wrongsOfNextRun(known, place, fault)));
  if (limit.isHarmless && ended.code !== known.code) wrong.push(`exit code ${ended.code}, without it ${known.code}`);
  place.remove();
  return { fault: limit.name, command: known.name, runs: 1, hits: ended.code === known.code ? 0 : 1, wrong };
}

function identityOf({ runsAs }: Limit): { readonly user?: number } {
  return runsAs === 'anyone' ? {} : runsAs === 'ordinary' ? ORDINARY : { user: ALONE };
}

function giveAway(directory: string, user: number): void {
  spawnSync('chown', ['-R', `${user}:${user}`, directory]);
  chownSync(directory, user, user);
}
