import { type ChildProcess, type StdioOptions, spawn } from 'node:child_process';
import { tmpdir } from 'node:os';
import { PROGRAM } from '../../corpus/trees.js';

export { PROGRAM } from '../../corpus/trees.js';

/** How a child ended, and what it wrote. */
export interface Ended {
  /** The exit code, or null where a signal ended it. */
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: Buffer;
  readonly stderr: string;
}

export interface ChildOptions {
  readonly cwd?: string;
  /** Added to the environment; a variable that is undefined is taken out. */
  readonly env?: Readonly<Record<string, string | undefined>>;
  /** What it reads from standard input. Default: nothing. */
  readonly input?: Buffer | string;
  /** User and group to run as. */
  readonly user?: number;
  readonly stdio?: StdioOptions;
}

/** A child that takes longer than this many milliseconds hangs; the slowest of them takes a tenth of it. */
const WATCHDOG = 120_000;

/** What the archive or the messages could depend on is not taken over from whoever runs the tests. */
const NEUTRAL = {
  KBUILD_BUILD_TIMESTAMP: undefined,
  SOURCE_DATE_EPOCH: undefined,
  NO_COLOR: undefined,
  // Tests of the cache name a directory of their own.
  KHEADERS_PACK_CACHE: 'off',
  KHEADERS_PACK_CACHE_KEY: undefined,
  KHEADERS_PACK_REMOTE_CACHE: undefined,
  NODE_OPTIONS: undefined,
  NODE_TEST_CONTEXT: undefined,
  XZ_OPT: undefined,
  XZ_DEFAULTS: undefined,
};

/** Starts kheaders-pack. Who starts it waits for it, with `ended`. */
export function startCli(args: readonly string[], options: ChildOptions = {}): ChildProcess {
  return start(process.execPath, [PROGRAM, ...args], options);
}

/** Runs kheaders-pack to its end. */
export function runCli(args: readonly string[], options: ChildOptions = {}): Promise<Ended> {
  return run(process.execPath, [PROGRAM, ...args], options);
}

/** Starts a command in a neutral environment. */
export function start(command: string, args: readonly string[], options: ChildOptions = {}): ChildProcess {
  const {
    cwd = tmpdir(),
    env = {},
    input,
    user,
    stdio = [input === undefined ? 'ignore' : 'pipe', 'pipe', 'pipe'],
  } = options;
  const identity = user === undefined ? {} : { uid: user, gid: user };
  const child = spawn(command, args, { cwd, env: { ...process.env, ...NEUTRAL, ...env }, stdio, ...identity });
  // A child that fails early does not read all of its input.
  child.stdin?.on('error', () => undefined).end(input);
  return child;
}

/** Runs a command to its end. */
export function run(command: string, args: readonly string[], options: ChildOptions = {}): Promise<Ended> {
  return ended(start(command, args, options));
}

/** Waits for a child's end. Rejects when it cannot be started, and when it hangs, after killing it. */
export function ended(child: ChildProcess): Promise<Ended> {
  const stdout: Buffer[] = [];
  const stderr: Buffer[] = [];
  child.stdout?.on('data', (bytes: Buffer) => stdout.push(bytes));
  child.stderr?.on('data', (bytes: Buffer) => stderr.push(bytes));
  return new Promise((resolve, reject) => {
    const watchdog = setTimeout(() => {
      child.kill('SIGKILL');
      reject(new Error(`${child.spawnargs.join(' ')} still runs after ${WATCHDOG / 1000} s`));
    }, WATCHDOG);
    child.on('error', reject);
    child.on('close', (code, signal) => {
      clearTimeout(watchdog);
      resolve({ code, signal, stdout: Buffer.concat(stdout), stderr: Buffer.concat(stderr).toString() });
    });
  });
}
