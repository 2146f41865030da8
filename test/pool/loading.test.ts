import assert from 'node:assert/strict';
import { test } from 'node:test';
import { run } from '../support/cli.js';

/** Pools whose first thread is done while the others are still loading; prints how many descriptors are open after each. */
const SCRIPT = `
  const { readdirSync } = await import('node:fs');
  const { WorkerPool } = await import(process.argv[1]);
  const open = [];
  for (let round = 0; round < 10; round++) {
    const pool = new WorkerPool(8);
    pool.start();
    await pool.digest({ kind: 'digest', withRaw: false, files: [] });
    await pool.close();
    open.push(readdirSync('/proc/self/fd').length);
  }
  console.log(JSON.stringify(open));
`;

test('a pool that is closed while threads load waits for them: they take nobody along, and leave nothing open', async () => {
  const url = new URL('../../src/pool/pool.js', import.meta.url).href;
  const { code, stdout, stderr } = await run(process.execPath, ['--input-type=module', '-e', SCRIPT, url]);
  assert.equal(code, 0, stderr);
  const open = JSON.parse(stdout.toString());
  assert.deepEqual(open, Array(10).fill(open[0]));
});
