import assert from 'node:assert/strict';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';

/** A request as the server of a test saw it. */
export interface Seen {
  readonly method: string;
  /** `ac/...` or `cas/...`. */
  readonly path: string;
  readonly authorization: string | undefined;
}

/** What a server does before, or instead of, answering as a cache does. True when that was all. */
export type Misbehaviour = (
  seen: Seen,
  response: ServerResponse,
  stored: Map<string, Buffer>,
) => boolean | Promise<boolean>;

export interface CacheServer {
  readonly url: string;
  readonly seen: Seen[];
  readonly stored: Map<string, Buffer>;
  misbehave: Misbehaviour;
  close(): Promise<void>;
}

export const BEHAVED: Misbehaviour = () => false;

/** A cache server of the test's own on the loopback interface: what is PUT is kept in memory, and it does what it is told. */
export async function startCacheServer(): Promise<CacheServer> {
  const stored = new Map<string, Buffer>();
  const seen: Seen[] = [];
  const server = createServer((request, response) => {
    answer(request, response).catch(() => response.destroy());
  });
  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const [method, path] = [request.method ?? '', (request.url ?? '').slice(1)];
    const each = { method, path, authorization: request.headers.authorization };
    seen.push(each);
    const pieces: Buffer[] = [];
    for await (const piece of request as AsyncIterable<Buffer>) pieces.push(piece);
    if (await made.misbehave(each, response, stored)) return;
    if (method === 'PUT') {
      stored.set(path, Buffer.concat(pieces));
      response.writeHead(201).end();
    } else {
      const found = stored.get(path);
      if (found === undefined) response.writeHead(404).end();
      else response.writeHead(200, { 'content-length': found.length }).end(method === 'HEAD' ? undefined : found);
    }
  }
  server.listen(0, '127.0.0.1');
  await new Promise(resolve => server.once('listening', resolve));
  const address = server.address();
  assert.ok(typeof address === 'object' && address !== null);
  const made: CacheServer = {
    url: `http://127.0.0.1:${address.port}/`,
    seen,
    stored,
    misbehave: BEHAVED,
    async close() {
      server.closeAllConnections();
      await new Promise(resolve => server.close(resolve));
    },
  };
  return made;
}
