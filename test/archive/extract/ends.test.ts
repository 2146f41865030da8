import assert from 'node:assert/strict';
import { createWriteStream, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, describe, it } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { succeeded } from '../../support/archive.js';
import { ended, run, startCli } from '../../support/cli.js';
import { extractBytes, extractParts, newPlace, xz } from '../../support/hostile.js';
import { noise } from '../../support/kernelTree.js';
import { assertHoldsOnly } from '../../support/litter.js';
import { scratch } from '../../support/scratch.js';
import { tarOfParts } from '../../support/tarBuilder.js';
import { onSmallDisk, unless } from '../../support/tools.js';

const work = scratch({ after });

describe('an extraction that does not come to its end', { skip: unless('xz', 'mkfifo') }, () => {
  const content = noise(8_000_000, 5);
  const whole = xz(tarOfParts({ name: 'first', content: 'first' }, { name: 'large', content }), '--block-size=262144');

  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    for (const isThere of [true, false]) {
      it(`on ${signal} leaves no temporary file and no part of a file${isThere ? ', and the old file' : ''}`, async () => {
        const place = newPlace(work);
        if (isThere) writeFileSync(join(place.target, 'large'), 'old');
        const fifo = join(place.root, 'fifo');
        succeeded(await run('mkfifo', [fifo]));
        const child = startCli(['extract', fifo, '-C', place.target, '-q']);
        const end = ended(child);
        // The writer stops before the end and holds the pipe open.
        const writer = createWriteStream(fifo);
        writer.on('error', () => undefined);
        writer.write(whole.subarray(0, whole.length - 500_000));
        const isWriting = (): boolean =>
          readdirSync(place.target).some(
            // The first file's temporary one may be gone by now.
            name =>
              name !== 'first' &&
              (statSync(join(place.target, name), { throwIfNoEntry: false })?.size ?? 0) > 1_000_000,
          );
        while (!isWriting()) {
          assert.equal(child.exitCode, null, 'it was over before anything could be seen of it');
          await sleep(5);
        }
        child.kill(signal);
        const { stderr, ...how } = await end;
        writer.destroy();
        assert.deepEqual([how.code, how.signal, stderr], [null, signal, '']);
        assertHoldsOnly(place.target, isThere ? ['first', 'large'] : ['first']);
        if (isThere) assert.equal(readFileSync(join(place.target, 'large'), 'utf8'), 'old');
      });
    }
  }

  it('when the tar ends early leaves what was whole', async () => {
    const place = newPlace(work);
    writeFileSync(join(place.target, 'large'), 'old');
    const cut = xz(tarOfParts({ name: 'first' }, { name: 'large', content }).subarray(0, 5_000_000));
    const error = await extractBytes(place, cut);
    assert.equal(error?.code, 'E_BAD_TAR');
    assert.equal(readFileSync(join(place.target, 'large'), 'utf8'), 'old');
    assertHoldsOnly(place.target, ['first', 'large']);
  });

  it('when the .xz data are damaged leaves no more than what came before', async () => {
    const place = newPlace(work);
    const damaged = Buffer.from(whole);
    const at = Math.floor(whole.length / 2);
    damaged[at] = (damaged[at] ?? 0) ^ 1;
    assert.equal((await extractBytes(place, damaged))?.code, 'E_BAD_XZ');
    assertHoldsOnly(place.target, ['first']);
  });

  it('because the caller stops it leaves what was whole', async () => {
    const place = newPlace(work);
    const stop = new AbortController();
    const parts = Array.from({ length: 50 }, (_, i) => ({ name: `f${i}`, content: 'x' }));
    const onWritten = ({ path }: { path: string }): void => {
      if (path === 'f20') stop.abort();
    };
    const error = await extractParts(place, parts, { signal: stop.signal, onWritten });
    assert.equal(error?.code, 'E_ABORTED');
    assert.equal(readdirSync(place.target).length, 21);
  });

  it('because the disk is full names the file, and leaves no part of it', async t => {
    const place = newPlace(work);
    const reason = await onSmallDisk(place.target, 4_000_000, async () => {
      const error = await extractBytes(place, whole);
      assert.equal(error?.code, 'E_WRITE');
      assert.match(String(error?.message), /Cannot write ".*target\/large": no space left on device/);
      assertHoldsOnly(place.target, ['first']);
    });
    if (reason !== false) t.skip(reason);
  });
});
