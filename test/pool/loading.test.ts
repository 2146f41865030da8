import assert from 'node:assert/strict';
import { test } from 'node:test';
import { run } from '../support/cli.js';

/** Pools whose first thread is done while the others are still loading. */
const SCRIPT = `
  const { WorkerPool } = await import(process.argv[1]);
  for (let round = 0; round < 10; round++) {
    const pool = new WorkerPool(8);
    pool.start();
    await pool.digest({ kind: 'digest', withRaw: false, files: [] });
    await pool.close();
  }
  console.log('done');
`;

test('threads that are ended while they load take nobody along', async () => {
  const url = new URL('../../src/pool/pool.js', import.meta.url).href;
  const { code, stdout, stderr } = await run(process.execPath, ['--input-type=module', '-e', SCRIPT, url]);
  assert.equal(code, 0, stderr);
  assert.equal(stdout.toString(), 'done\n');
});
