import { availableParallelism, machine, release } from 'node:os';
import type { Writable } from 'node:stream';

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
  readonly standardOutput: Writable;
  readonly isTerminal: boolean;
  readonly umask: number;
}

export function gatherEnvironment(): Environment {
  return {
    variables: { ...process.env },
    workingDirectory: process.cwd(),
    kernelRelease: release(),
    machine: machine(),
    parallelism: availableParallelism(),
    systemRoot: '/',
    standardOutput: process.stdout,
    isTerminal: process.stdout.isTTY === true,
    umask: process.umask(),
  };
}
