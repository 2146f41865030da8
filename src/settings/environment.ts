import { isUtf8 } from 'node:buffer';
import { fstatSync, readlinkSync } from 'node:fs';
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
    standardInput,
    standardOutput: process.stdout,
    isTerminal: process.stdout.isTTY === true,
    umask: process.umask(),
  };
}

/** What Node reads in the place of bytes that are no UTF-8. */
export const REPLACEMENT = '\ufffd';

/** @throws KheadersPackError `E_READ` where it was removed, or has a name that Node takes for another */
export function workingDirectory(): string {
  let path: string;
  try {
    path = process.cwd();
    if (!path.includes(REPLACEMENT) || isUtf8(readlinkSync('/proc/self/cwd', 'buffer'))) return path;
  } catch (error) {
    throw new KheadersPackError('E_READ', { path: '.', reason: systemReason(error) }, { cause: error });
  }
  throw new KheadersPackError('E_READ', { path, reason: 'its name is not UTF-8, and Node takes it for another' });
}

/**
 * Standard input. Of a directory Node makes a stream that has nothing.
 *
 * @throws KheadersPackError `E_READ`
 */
export function standardInput(): Readable {
  if (!fstatSync(0).isDirectory()) return process.stdin;
  throw new KheadersPackError('E_READ', { path: 'standard input', reason: 'is a directory' });
}
