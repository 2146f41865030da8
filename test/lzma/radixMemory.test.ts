import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { it } from 'node:test';
import { setImmediate as aTurn } from 'node:timers/promises';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { radixPresetOptions } from '../../src/lzma/presets.js';
import { radix } from '../../src/lzma/radix.js';
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
