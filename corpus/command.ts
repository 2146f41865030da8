import { type SpawnSyncReturns, spawnSync } from 'node:child_process';
import { findProgram } from '../src/measure/which.js';

/** Something that a person has to put right: its message is all that is shown of it. */
export class CorpusError extends Error {
  override readonly name = 'CorpusError';
}

/** How a command is run: its working directory, what the environment has besides ours, what it reads, its watchdog. */
export interface CommandOptions {
  readonly cwd?: string;
  readonly env?: Readonly<Record<string, string>>;
  readonly input?: string;
  /** Milliseconds after which it is killed. Default: never. */
  readonly timeout?: number;
}

const OUTPUT_LIMIT = 256 * 2 ** 20;

/**
 * Runs a command to its end and returns what it wrote to standard output.
 *
 * @throws CorpusError with the last lines of its standard error when it cannot be started or fails
 */
export function output(command: string, args: readonly string[], options: CommandOptions = {}): string {
  const result = attempt(command, args, options);
  if (result.error !== undefined)
    throw new CorpusError(`Cannot run "${command}": ${result.error.message}`, { cause: result.error });
  if (result.status !== 0) {
    const ending = result.status === null ? `signal ${result.signal}` : `exit code ${result.status}`;
    throw new CorpusError(`Cannot finish "${[command, ...args].join(' ')}" (${ending}):\n${lastLines(result.stderr)}`);
  }
  return result.stdout;
}

/** Whether a command runs and ends well. */
export function succeeds(command: string, args: readonly string[], options: CommandOptions = {}): boolean {
  return attempt(command, args, options).status === 0;
}

/** Those of the commands that PATH does not have. */
export function missingCommands(commands: readonly string[]): string[] {
  const path = process.env['PATH'] ?? '';
  return commands.filter(command => findProgram(command, path) === null);
}

function attempt(command: string, args: readonly string[], options: CommandOptions): SpawnSyncReturns<string> {
  return spawnSync(command, args, {
    ...(options.cwd === undefined ? {} : { cwd: options.cwd }),
    // What the tools print must not depend on the user's language.
    env: { ...process.env, LC_ALL: 'C', ...options.env },
    input: options.input ?? '',
    ...(options.timeout === undefined ? {} : { timeout: options.timeout, killSignal: 'SIGKILL' }),
    encoding: 'utf8',
    maxBuffer: OUTPUT_LIMIT,
  });
}

function lastLines(text: string): string {
  return text.trimEnd().split('\n').slice(-15).join('\n');
}
