import { KheadersPackError } from '../errors.js';
import type { Environment } from './environment.js';

const JOBS_MAX = 512;

/** As many as there are processors to use, if not more than may be said. */
export function defaultJobs({ parallelism }: Environment): number {
  return Math.min(parallelism, JOBS_MAX);
}

/** Worker threads: as many as said, else one for each processor to use. @throws KheadersPackError `E_OPTION_VALUE` */
export function resolveJobs(given: string | number | undefined, environment: Environment): number {
  if (given === undefined) return defaultJobs(environment);
  const text = String(given);
  const jobs = /^\d+$/.test(text) ? Number(text) : 0;
  if (jobs >= 1 && jobs <= JOBS_MAX) return jobs;
  const expected = `a whole number from 1 to ${JOBS_MAX}`;
  throw new KheadersPackError('E_OPTION_VALUE', { option: '--jobs', value: text, expected });
}
