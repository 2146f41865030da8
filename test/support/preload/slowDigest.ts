/** Preloaded with `--import`, in the workers too: every SHA-256 is begun 20 ms late, as if that step had become slower. */
import crypto from 'node:crypto';
import { syncBuiltinESMExports } from 'node:module';

const MILLISECONDS = 20;
const original = crypto.createHash;
const never = new Int32Array(new SharedArrayBuffer(4));

crypto.createHash = ((algorithm: string) => {
  Atomics.wait(never, 0, 0, MILLISECONDS);
  return original(algorithm);
}) as typeof crypto.createHash;
syncBuiltinESMExports();
