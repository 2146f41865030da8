import { createHash } from 'node:crypto';
import { createReadStream, rmSync, statSync } from 'node:fs';
import { pipeline } from 'node:stream/promises';
import { KheadersPackError, systemReason } from '../errors.js';
import type { PackSummary } from '../model/summary.js';
import { type Command, measureCommand } from './command.js';
import type { Run } from './result.js';

/** What takes part in a sweep: settings of ours, or a peer. */
export interface Contender {
  readonly name: string;
  readonly kind: 'ours' | 'peer';
  /** As a shell would take it, files by role. */
  readonly shown: string;
  readonly version: string;
  readonly jobs: number;
  readonly values: Readonly<Record<string, string>>;
  readonly command: Command;
  /** Where the archive is when the command has ended. */
  readonly archive: string;
  /** The format's own tool; null where it is not installed. */
  readonly decoder: readonly string[] | null;
  /** Bytes of the tar that the command is given; null where it makes one itself and says how large. */
  readonly tarBytes: number | null;
}

/**
 * Runs a contender once, and its decoder on the result. The archive is removed.
 *
 * @throws CommandFailed
 * @throws KheadersPackError `E_READ` where the command has left no archive, or one that cannot be read
 */
export async function runOnce(contender: Contender): Promise<Run> {
  const { archive, command, decoder } = contender;
  try {
    const { seconds, cpuSeconds, peakMemory, output } = await measureCommand(command);
    const own = contender.kind === 'ours' ? (JSON.parse(output) as PackSummary) : null;
    return {
      seconds,
      cpuSeconds,
      peakMemory,
      bytes: await sizeOf(archive),
      tarBytes: own?.bytes.tar ?? contender.tarBytes ?? 0,
      // Taken here from the file for everyone: what a program says of itself is not a measurement.
      digest: await digestOf(archive),
      decodeSeconds: decoder === null ? null : await decodeSeconds(decoder, archive, command.workingDirectory),
      stages: own === null ? null : stagesOf(own),
    };
  } finally {
    rmSync(archive, { force: true });
  }
}

async function decodeSeconds(decoder: readonly string[], archive: string, workingDirectory: string): Promise<number> {
  const [command = '', ...args] = decoder;
  const files = { input: archive, output: '/dev/null' };
  return (await measureCommand({ command, args, workingDirectory, variables: {}, ...files })).seconds;
}

function stagesOf(summary: PackSummary): Record<string, number> {
  const { total, ...stages } = summary.seconds;
  return stages;
}

/** In bytes. @throws KheadersPackError `E_READ` */
export function sizeOf(path: string): Promise<number> {
  return readingFrom(path, () => statSync(path).size);
}

/** SHA-256. @throws KheadersPackError `E_READ` */
export function digestOf(path: string): Promise<string> {
  return readingFrom(path, async () => {
    const hash = createHash('sha256');
    await pipeline(createReadStream(path), hash);
    return hash.digest('hex');
  });
}

/** What is read from a file of the sweep's own. @throws KheadersPackError `E_READ` */
export async function readingFrom<T>(path: string, read: () => T | Promise<T>): Promise<T> {
  try {
    return await read();
  } catch (error) {
    throw new KheadersPackError('E_READ', { path, reason: systemReason(error) }, { cause: error });
  }
}
