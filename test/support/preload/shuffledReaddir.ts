/**
 * Preloaded with `--import`: every directory is read in another order than the file system's, the one that the seed in
 * SHUFFLE_SEED gives.
 */
import fs from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';

const original = fs.readdirSync as (...args: unknown[]) => unknown[];
let state = Number(process.env['SHUFFLE_SEED'] ?? '1') >>> 0;

function shuffled(names: unknown[]): unknown[] {
  const keyed = names.map(name => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return { name, key: state };
  });
  return keyed.sort((a, b) => a.key - b.key).map(({ name }) => name);
}

fs.readdirSync = ((...args: unknown[]) => shuffled(original(...args))) as typeof fs.readdirSync;
syncBuiltinESMExports();
