import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { it } from 'node:test';
import { setImmediate as aTurn } from 'node:timers/promises';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { radixPresetOptions } from '../../src/lzma/presets.js';
import { radix } from '../../src/lzma/radix.js';
import { BLOCK_SIZE_MAX, begin, layoutOf, open, reserve, STEPS } from '../../src/lzma/radixBlock.js';
import { headerText } from './lzmaSamples.js';

const KIB = 2 ** 10;
/** V8 reserves more addresses than this for each WebAssembly memory. */
const RESERVED_MIN = 4n * 2n ** 30n;

/** Reservations as large as a WebAssembly memory's that this process holds. */
function reservations(): number {
  const sizes = readFileSync('/proc/self/maps', 'latin1')
    .split('\n')
    .map(line => /^([0-9a-f]+)-([0-9a-f]+) /.exec(line))
    .map(match => (match === null ? 0n : BigInt(`0x${match[2]}`) - BigInt(`0x${match[1]}`)));
  return sizes.filter(size => size > RESERVED_MIN).length;
}

it('a worker whose Blocks grow keeps the memory of the largest alone', async () => {
  setFlagsFromString('--expose-gc');
  const collect = runInNewContext('gc') as () => void;
  const before = reservations();
  const options = radixPresetOptions(1, false);
  for (let i = 1; i <= 6; i++) {
    radix.encode(headerText(i * 64 * KIB, i), options);
    // What is let go of in one turn is collected in the next.
    for (let turn = 0; turn < 3; turn++) {
      collect();
      await aTurn();
    }
  }
  assert.equal(reservations() - before, 1);
});

// For 400 workers and more there was no memory at all, though 512 jobs may be asked for.
it('has places for as many workers as its addresses reach', () => {
  for (const size of [3 * 1024 * KIB, BLOCK_SIZE_MAX]) {
    const memory = reserve(size, 512);
    assert.ok(memory.workers >= 256 && memory.workers < 512, `${memory.workers} places`);
    const { end } = layoutOf(memory, size);
    assert.ok(end <= memory.memory.buffer.byteLength);
    assert.ok(end + memory.workerSize > 2 ** 32, 'one more would not fit');
    assert.throws(() => open(begin(memory, size), memory.workers), RangeError);
  }
  assert.equal(reserve(BLOCK_SIZE_MAX, 16).workers, 16);
});

// The end of what is encoded behind the first 2 GiB was taken for a negative number.
it('a slice has the same bytes in the first place and in the last', () => {
  const size = 1024 * KIB;
  const memory = reserve(size, 512);
  const block = begin(memory, size);
  const [first, last] = [open(block, 0), open(block, memory.workers - 1)].map(opened => {
    opened.bytes.set(headerText(size, 1));
    begin(memory, size);
    for (let step = 0; step < STEPS; step++) opened.prepare(step);
    return opened.encodeSlice(0, radixPresetOptions(1, false));
  });
  assert.deepEqual(last, first);
});
