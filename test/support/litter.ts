import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';

/** Asserts that a directory holds these names and no others: no temporary file was left, and nothing is missing. */
export function assertHoldsOnly(directory: string, names: readonly string[]): void {
  assert.deepEqual(readdirSync(directory).sort(), [...names].sort());
}
