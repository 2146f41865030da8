import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parentPort, workerData } from 'node:worker_threads';
import { Coverage } from './coverage.js';
import { fuzz } from './fuzzer.js';
import { Random } from './random.js';
import { PLANTED, TARGETS } from './targets.js';
import { COUNT, type FuzzTask, IS_READING, SIZE } from './watched.js';

/** Fuzzes one target in a thread of its own: what never ends, or takes all memory, ends the thread alone. */
const SOURCE = join(dirname(fileURLToPath(import.meta.url)), '../../src');

const { name, budget, seed, shared } = workerData as FuzzTask;
const entry = { ...TARGETS, ...PLANTED }[name];
if (entry === undefined) throw new RangeError(`No target ${name}`);
const coverage = new Coverage(entry.covers.map(path => join(SOURCE, path)));
const current = new Uint8Array(shared.input);
const state = new Int32Array(shared.state);

const report = await fuzz(await entry.load(), coverage, budget, new Random(seed), input => {
  Atomics.store(state, IS_READING, input === null ? 0 : 1);
  if (input === null) return;
  current.set(input.subarray(0, current.length));
  Atomics.store(state, SIZE, input.length);
  Atomics.add(state, COUNT, 1);
});
parentPort?.postMessage(report);
