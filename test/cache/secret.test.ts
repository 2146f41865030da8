import assert from 'node:assert/strict';
import { chmodSync, mkdirSync, readdirSync, readFileSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, it, type TestContext } from 'node:test';
import { Worker } from 'node:worker_threads';
import { readSecret } from '../../src/cache/secret.js';
import { scratch } from '../support/scratch.js';

const place = (t: TestContext): string => join(scratch(t), 'state', 'kheaders-pack', 'cache-secret');

function made(path: string, mode = 0o600, bytes = 32): string {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, Buffer.alloc(bytes, 1));
  chmodSync(path, mode);
  return path;
}

describe("the user's secret", () => {
  it('is made when there is none, for the user alone, whatever the umask, and is the same from then on', t => {
    const path = place(t);
    const umask = process.umask(0);
    try {
      const secret = readSecret({ kind: 'file', path });
      assert.equal(secret.length, 32);
      assert.deepEqual(readFileSync(path), secret);
      assert.equal(statSync(path).mode & 0o7777, 0o600);
      assert.equal(statSync(dirname(path)).mode & 0o7777, 0o700);
      assert.deepEqual(readSecret({ kind: 'file', path }), secret);
      assert.deepEqual(readdirSync(dirname(path)), ['cache-secret']);
      assert.notDeepEqual(readSecret({ kind: 'file', path: place(t) }), secret);
    } finally {
      process.umask(umask);
    }
  });

  it('is one and the same for all that make it at a time', async t => {
    const module = new URL('../../src/cache/secret.js', import.meta.url).href;
    const code = `import { parentPort, workerData } from 'node:worker_threads';
      const { readSecret } = await import(workerData.module);
      parentPort.once('message', () => parentPort.postMessage(readSecret(workerData.source)));
      parentPort.postMessage('ready');`;
    const url = new URL(`data:text/javascript,${encodeURIComponent(code)}`);
    for (let round = 0; round < 5; round++) {
      const source = { kind: 'file', path: place(t) };
      const workers = Array.from({ length: 8 }, () => new Worker(url, { workerData: { module, source } }));
      const next = (worker: Worker): Promise<unknown> =>
        new Promise((resolve, reject) => worker.once('message', resolve).once('error', reject));
      await Promise.all(workers.map(next));
      const secrets = workers.map(async worker => {
        const answer = next(worker);
        worker.postMessage('go');
        return Buffer.from((await answer) as Uint8Array).toString('hex');
      });
      assert.equal(new Set(await Promise.all(secrets)).size, 1);
      await Promise.all(workers.map(worker => worker.terminate()));
    }
  });

  it('that others may read, that is a link, or that is damaged is not used', t => {
    const read = (path: string): unknown => readSecret({ kind: 'file', path });
    for (const mode of [0o640, 0o604, 0o620]) {
      assert.throws(
        () => read(made(place(t), mode)),
        /others may read "\/.*cache-secret" \(chmod 600 it, or remove it\)$/,
      );
    }
    assert.throws(() => read(made(place(t), 0o600, 31)), /cache-secret" is damaged \(remove it\)$/);
    assert.throws(() => read(made(place(t), 0o600, 0)), /is damaged/);
    const link = place(t);
    mkdirSync(dirname(link), { recursive: true });
    symlinkSync(made(place(t)), link);
    assert.throws(() => read(link), /cache-secret" is a symbolic link$/);
    assert.throws(() => readSecret({ kind: 'nowhere' }), /HOME is not set/);
    assert.equal(readSecret({ kind: 'given', key: 'as it is' }), 'as it is');
  });
});
