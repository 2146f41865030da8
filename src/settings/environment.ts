import { availableParallelism, machine, release } from 'node:os';
import type { Readable, Writable } from 'node:stream';
import { KheadersPackError, systemReason } from '../errors.js';

/** What is outside the program and may matter: gathered once, then passed as data. Nothing below this room asks for it. */
export interface Environment {
  readonly variables: Readonly<Record<string, string | undefined>>;
  readonly workingDirectory: string;
  /** `uname -r`. */
  readonly kernelRelease: string;
  /** `uname -m`. */
  readonly machine: string;
  /** Processors that this process may use. */
  readonly parallelism: number;
  readonly systemRoot: string;
  /** Opened when asked for: a process that never reads it must not hold it. */
  readonly standardInput: () => Readable;
  readonly standardOutput: Writable;
  readonly isTerminal: boolean;
  readonly umask: number;
}

/** @throws KheadersPackError `E_READ` where the working directory was removed */
export function gatherEnvironment(): Environment {
  return {
    variables: { ...process.env },
    workingDirectory: workingDirectory(),
    kernelRelease: release(),
    machine: machine(),
    parallelism: availableParallelism(),
    systemRoot: '/',
    standardInput: () => process.stdin,
    standardOutput: process.stdout,
    isTerminal: process.stdout.isTTY === true,
    umask: process.umask(),
  };
}

/** @throws KheadersPackError `E_READ` where it was removed */
export function workingDirectory(): string {
  try {
    return process.cwd();
  } catch (error) {
    throw new KheadersPackError('E_READ', { path: '.', reason: systemReason(error) }, { cause: error });
  }
}
