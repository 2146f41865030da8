/**
 * Runs a command and measures it from outside, ours and others alike.
 *
 * Wall clock: from before the process is made until its exit is seen. Processor time: what the kernel added to this process's
 * account of ended children (`cutime` and `cstime` of /proc/self/stat), which holds whatever the command waited for itself.
 * Peak memory: `VmHWM`, the high-water mark of the resident set, looked at every 20 ms for the command and all below it; the
 * largest of any one process counts. What grows in the last 20 ms is missed, which is why `ru_maxrss` would be the obvious choice:
 * but that starts with what this process has resident when it forks, so that any small program would appear as large as we are.
 *
 * One command runs at a time: the account of ended children is one for all of them.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync, openSync, readFileSync } from 'node:fs';
import { systemReason } from '../errors.js';
import { atSuddenEnd } from '../flow/suddenEnd.js';

export interface Command {
  readonly command: string;
  readonly args: readonly string[];
  readonly workingDirectory: string;
  /** Added to the environment. */
  readonly variables: Readonly<Record<string, string>>;
  /** A file that is its standard input, or null for nothing. */
  readonly input: string | null;
  /** A file that its standard output goes to, or null to have it in `Measured.output`. */
  readonly output: string | null;
}

export interface Measured {
  readonly seconds: number;
  /** User and system, with all that it waited for; the kernel counts in hundredths. */
  readonly cpuSeconds: number;
  /** Of the largest of its processes, in bytes; 0 where it ended before it could be looked at. */
  readonly peakMemory: number;
  /** What it wrote to standard output, where that went nowhere else. */
  readonly output: string;
}

/** A command that could not be started, or failed. */
export class CommandFailed extends Error {
  override readonly name = 'CommandFailed';
  /** What ended it; null where it ended by itself, or never began. */
  readonly signal: NodeJS.Signals | null;

  constructor(message: string, signal: NodeJS.Signals | null, options?: ErrorOptions) {
    super(message, options);
    this.signal = signal;
  }
}

const LOOK_EVERY = 20;
/** Linux tells processor time to user space in hundredths of a second (USER_HZ). */
const TICKS_PER_SECOND = 100;
const ERROR_TEXT_MAX = 400;

/** @throws CommandFailed */
export async function measureCommand(command: Command): Promise<Measured> {
  const files = openFiles(command);
  try {
    const cpuBefore = childrenSeconds();
    const start = performance.now();
    const child = spawn(command.command, command.args, {
      cwd: command.workingDirectory,
      env: { ...process.env, ...command.variables },
      stdio: [files.input ?? 'ignore', files.output ?? 'pipe', 'pipe'],
      // A group of its own, so that `stop` reaches what it started.
      detached: true,
    });
    const forget = atSuddenEnd(() => stop(child));
    const watch = watchMemory(child.pid);
    const { output, at } = await endOf(child).finally(() => {
      watch.stop();
      forget();
    });
    const cpuSeconds = childrenSeconds() - cpuBefore;
    return { seconds: (at - start) / 1000, cpuSeconds, peakMemory: watch.peak(), output };
  } finally {
    for (const file of [files.input, files.output]) if (file !== null) closeSync(file);
  }
}

/** Ends a command with all that it started. Throws where it has ended by itself. */
function stop(child: ChildProcess): void {
  if (child.pid !== undefined) process.kill(-child.pid, 'SIGKILL');
}

function openFiles(command: Command): { input: number | null; output: number | null } {
  const input = command.input === null ? null : opened(command.input, 'r');
  try {
    return { input, output: command.output === null ? null : opened(command.output, 'w') };
  } catch (error) {
    if (input !== null) closeSync(input);
    throw error;
  }
}

function opened(path: string, flags: 'r' | 'w'): number {
  try {
    return openSync(path, flags);
  } catch (error) {
    throw new CommandFailed(`cannot open "${path}": ${systemReason(error)}`, null, { cause: error });
  }
}

/** What the child wrote, once it has ended and its pipes are closed, and when it ended, on `performance.now`'s clock. */
function endOf(child: ChildProcess): Promise<{ output: string; at: number }> {
  let at = 0;
  const output: Buffer[] = [];
  const errors: Buffer[] = [];
  child.stdout?.on('data', (bytes: Buffer) => output.push(bytes));
  child.stderr?.on('data', (bytes: Buffer) => errors.push(bytes));
  return new Promise((resolve, reject) => {
    child.on('error', error => reject(new CommandFailed(systemReason(error), null, { cause: error })));
    child.on('exit', () => {
      at = performance.now();
    });
    child.on('close', (code, signal) => {
      if (code === 0) return resolve({ output: Buffer.concat(output).toString(), at });
      const said = Buffer.concat(errors).toString().trim().slice(-ERROR_TEXT_MAX);
      const how = code === null ? `signal ${signal}` : `exit code ${code}`;
      reject(new CommandFailed(`${how}${said === '' ? '' : `, ${said}`}`, signal));
    });
  });
}

function watchMemory(pid: number | undefined): { peak: () => number; stop: () => void } {
  let peak = 0;
  const look = (): void => {
    if (pid === undefined) return;
    for (const each of withDescendants(pid)) peak = Math.max(peak, highWaterMark(each));
  };
  look();
  const timer = setInterval(look, LOOK_EVERY);
  return { peak: () => peak, stop: () => clearInterval(timer) };
}

function* withDescendants(pid: number): Generator<number, void, undefined> {
  yield pid;
  for (const child of linesOf(`/proc/${pid}/task/${pid}/children`).trim().split(' ')) {
    if (child !== '') yield* withDescendants(Number(child));
  }
}

/** `VmHWM` in bytes; 0 for a process that is gone. */
function highWaterMark(pid: number): number {
  return 1024 * Number(/^VmHWM:\s+(\d+) kB$/m.exec(linesOf(`/proc/${pid}/status`))?.[1] ?? 0);
}

/** Processor seconds of all children that this process has waited for: fields 16 and 17 of proc(5)'s stat. */
function childrenSeconds(): number {
  const stat = linesOf('/proc/self/stat');
  // The second field, the program's name, may hold spaces and parentheses.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  const [user, system] = [fields[13], fields[14]];
  return (Number(user) + Number(system)) / TICKS_PER_SECOND;
}

function linesOf(path: string): string {
  try {
    return readFileSync(path, 'latin1');
  } catch {
    return '';
  }
}
