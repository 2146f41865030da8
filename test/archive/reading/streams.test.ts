import assert from 'node:assert/strict';
import { createReadStream, readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { after, before, describe, it } from 'node:test';
import { KheadersPackError, pack, verify } from 'kheaders-pack';
import { kernelTree } from '../../support/kernelTree.js';
import { scratch } from '../../support/scratch.js';

const work = scratch({ after });
const archive = join(work, 'k.tar.xz');
let bytes: Buffer;

type Archive = Parameters<typeof verify>[0];

before(async () => {
  const tree = kernelTree(join(work, 'tree'), { 'include/linux/a.h': '#define A\n' });
  await pack({ trees: [tree], output: archive });
  bytes = readFileSync(archive);
});

async function* inPieces(size: number): AsyncGenerator<Uint8Array, void, undefined> {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}

/** Gives what it has to give, and then nothing for ever. */
function hanging(given: readonly Uint8Array[], onCancel: () => void): ReadableStream<Uint8Array> {
  return new ReadableStream({
    start: controller => {
      for (const piece of given) controller.enqueue(piece);
    },
    cancel: onCancel,
  });
}

const refused = async (given: unknown): Promise<string> => {
  const error = await verify(given as Archive).then(
    report => assert.fail(report.verdict),
    (reason: unknown) => reason,
  );
  assert.ok(error instanceof KheadersPackError && error.code === 'E_READ', String(error));
  return error.message;
};

describe('an archive from a stream', () => {
  it("is read from Node's, the web's, and whatever else gives bytes as time goes", async () => {
    const streams: readonly Archive[] = [
      createReadStream(archive),
      Readable.from(inPieces(100)),
      new Blob([bytes]).stream(),
      new Response(bytes).body ?? assert.fail('no body'),
      inPieces(7),
    ];
    for (const stream of streams) assert.equal((await verify(stream)).verdict, 'good');
  });

  it('is read while it comes from a server', async () => {
    const server = createServer((_, response) => void Readable.from(inPieces(50)).pipe(response));
    await new Promise<void>(resolve => {
      server.listen(0, '127.0.0.1', resolve);
    });
    try {
      const { port } = server.address() as AddressInfo;
      const { body } = await fetch(`http://127.0.0.1:${port}/`);
      assert.ok(body !== null);
      assert.equal((await verify(body)).verdict, 'good');
    } finally {
      server.closeAllConnections();
      server.close();
    }
  });

  it('is not read from what gives no bytes: text is not an archive that is bad', async () => {
    assert.match(
      await refused(createReadStream(archive, 'latin1')),
      /: it gives a String in the place of a Uint8Array$/,
    );
    assert.match(
      await refused(Readable.from([bytes.buffer.slice(0, 100)])),
      /: it gives a ArrayBuffer in the place of/,
    );
    assert.match(
      await refused(Readable.from([Object.create(null)])),
      /: it gives a object in the place of a Uint8Array$/,
    );
  });

  it('is not read from a stream that another reads, or that fails', async () => {
    const locked = new Blob([bytes]).stream();
    locked.getReader();
    assert.match(await refused(locked), /^Cannot read "the given readable": .*locked/);
    const failing = new ReadableStream({ pull: controller => controller.error(new Error('the line is cut')) });
    assert.match(await refused(failing), /: the line is cut$/);
  });

  it('gives the stream back where it stops early', async () => {
    let cancelled = 0;
    const onCancel = (): void => void cancelled++;
    assert.equal((await verify(hanging([Buffer.alloc(4096, 1)], onCancel))).verdict, 'bad');
    assert.equal(cancelled, 1);
    const controller = new AbortController();
    const { signal } = controller;
    setTimeout(() => controller.abort(), 50);
    await assert.rejects(verify(hanging([bytes.subarray(0, 30)], onCancel), { signal }), { code: 'E_ABORTED' });
    assert.equal(cancelled, 2);
  });
});
