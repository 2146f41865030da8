/** Preloaded with `--import`: the function of `node:fs` that SLOW_CALL names takes 20 ms, as on a file server far away. */
import fs from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';

const MILLISECONDS = 20;
const name = (process.env['SLOW_CALL'] ?? '') as 'lstatSync';
const original = fs[name] as (...args: unknown[]) => unknown;
const never = new Int32Array(new SharedArrayBuffer(4));

Object.assign(fs, {
  [name]: (...args: unknown[]) => {
    Atomics.wait(never, 0, 0, MILLISECONDS);
    return original(...args);
  },
});
syncBuiltinESMExports();
