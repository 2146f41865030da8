import { type KheadersPackError, toKheadersPackError } from '../errors.js';
import { writeData } from './writeData.js';

type ErrorFacts = Pick<KheadersPackError, 'code' | 'message' | 'facts'>;

/** An error as every report has it. */
export function errorFacts(error: unknown): ErrorFacts {
  const { code, message, facts } = toKheadersPackError(error);
  return { code, message, facts };
}

/**
 * Does `work`, and where it fails before it has a report, writes the error in the report's place: who reads JSON is told
 * the code and what it concerns.
 *
 * @param json where the report goes, if one was asked for
 * @throws what `work` throws
 */
export async function orFailureJson<T>(json: string | undefined, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (json !== undefined) await writeFailure(json, { schema: 'kheaders-pack/failure/1', error: errorFacts(error) });
    throw error;
  }
}

/** Of several failures the first is the one to tell on standard error: that this one cannot be written comes later. */
export async function writeFailure(json: string, failure: object): Promise<void> {
  await writeData(json, asJson(failure)).catch(() => undefined);
}

export function asJson(report: object): string {
  return `${JSON.stringify(report, null, 2)}\n`;
}
