import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { packArguments, type Rebuilt } from '../../archive/verify/packArguments.js';
import { KheadersPackError, systemReason } from '../../errors.js';
import { atSuddenEnd } from '../../flow/suddenEnd.js';
import { DISTURB, SELF } from '../self.js';
import type { Circumstances } from './circumstances.js';
import { DISTURBANCE_VARIABLE } from './disturbance.js';

/**
 * Rebuilds in a process of its own, and gives the archive's SHA-256. The child is this program as anybody runs it; what
 * is different for it is what stands around it.
 *
 * @throws KheadersPackError `E_REBUILD` when it cannot be started or fails
 */
export async function rebuildUnder(
  rebuilt: Rebuilt,
  circumstances: Circumstances,
  signal: AbortSignal,
): Promise<string> {
  const { jobs, environment = {}, disturbance = {} } = circumstances;
  const args = [
    ...packArguments(rebuilt, ['--files-from', '-', '--null']),
    ...(jobs === undefined ? [] : ['--jobs', String(jobs)]),
    ...['--quiet', '--no-cache', '-o', '-'],
  ];
  const env = { ...process.env, ...environment, [DISTURBANCE_VARIABLE]: JSON.stringify(disturbance) };
  const child = spawn(process.execPath, ['--import', DISTURB, SELF, ...args], { env, signal });
  const forget = atSuddenEnd(() => void child.kill('SIGKILL'));
  try {
    return await digestOfOutput(child, listText(rebuilt));
  } finally {
    forget();
  }
}

async function digestOfOutput(child: ChildProcessWithoutNullStreams, input: Buffer): Promise<string> {
  const ended = new Promise<string>((resolve, reject) => {
    child.on('close', (code, signal) => resolve(code === null ? `signal ${signal}` : `exit code ${code}`));
    child.on('error', error => reject(rebuildFailed(systemReason(error), error)));
  });
  // A failure to start is thrown below; until then it must not count as unhandled.
  ended.catch(() => undefined);
  const hash = createHash('sha256');
  let stderr = '';
  // One that could not be started has no pipes where there are no descriptors for them.
  if (child.pid !== undefined) {
    // A child that fails early does not read all of it; how it ended tells more.
    child.stdin.on('error', () => undefined).end(input);
    child.stderr.on('data', (text: Buffer) => {
      stderr += text.toString();
    });
    for await (const bytes of child.stdout) hash.update(bytes as Buffer);
  }
  const how = await ended;
  if (how === 'exit code 0') return hash.digest('hex');
  throw rebuildFailed(stderr === '' ? how : `${how}, ${stderr.trim()}`);
}

function rebuildFailed(reason: string, cause?: Error): KheadersPackError {
  return new KheadersPackError('E_REBUILD', { reason }, { cause });
}

/** The paths of a list, each with a NUL behind it; nothing where a profile says what is packed. */
function listText({ content }: Rebuilt): Buffer {
  return Buffer.from((content.selection.listed ?? []).map(path => `${path}\0`).join(''), 'latin1');
}
