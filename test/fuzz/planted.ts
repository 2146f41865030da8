import { PLAIN, type Target } from './target.js';

/** Faults of our own making, for the test that the fuzzer finds what there is to find. */

/** Fails behind three comparisons of one byte each: chance alone would need 2^24 inputs. */
export const maze: Target = {
  ...PLAIN,
  seeds: [Buffer.from('...')],
  check: ([a, b, c]) => {
    if (a === 0x46) {
      if (b === 0x55) {
        if (c === 0x5a) throw new TypeError('at the end of the maze');
      }
    }
    return true;
  },
};

/** Never ends, once an input is empty. */
export const endless: Target = {
  ...PLAIN,
  seeds: [Buffer.from('x')],
  check: input => {
    for (let i = 0; input.length === 0; i++) if (i < 0) break;
    return true;
  },
};

let isRested = false;

/** Keeps the processor busy, once, for longer than an input may. */
export const slow: Target = {
  ...PLAIN,
  seeds: [Buffer.from('x')],
  check: () => {
    const start = process.cpuUsage().user;
    while (!isRested && process.cpuUsage().user - start < 1_200_000) for (let i = 0; i < 1e6; i++);
    isRested = true;
    return true;
  },
};

/** Takes 512 MiB for some inputs. */
export const greedy: Target = {
  ...PLAIN,
  seeds: [Buffer.from('x')],
  check: input => input.length < 2 || Buffer.alloc(2 ** 29, 1).length > 0,
};

/** Reads what another program refuses. */
export const disagreeing: Target = {
  ...PLAIN,
  seeds: [Buffer.from('x')],
  check: () => true,
  compare: inputs => ({
    compared: inputs.length,
    disagreements: inputs.filter(input => input.length > 4).map(input => ({ input, reason: 'another reading' })),
  }),
};
