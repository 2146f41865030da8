import { KheadersPackError, systemReason } from '../errors.js';

/** What is known of a worker's end, or of why it did not begin. */
export function workerError(error: unknown): KheadersPackError<'E_WORKER'> {
  const reason = systemReason(error).replace(/^worker exited with code: (\d+)$/, 'it ended with exit code $1');
  const [line = ''] = reason.split('\n');
  return new KheadersPackError('E_WORKER', { reason: line }, { cause: error });
}
