import { createHash } from 'node:crypto';
import { createReadStream, rmSync, statSync } from 'node:fs';
import { pipeline } from 'node:stream/promises';
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
      bytes: statSync(archive).size,
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

export async function digestOf(path: string): Promise<string> {
  const hash = createHash('sha256');
  await pipeline(createReadStream(path), hash);
  return hash.digest('hex');
}
