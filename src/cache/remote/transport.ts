import { Agent as HttpAgent, request as httpRequest, type IncomingMessage, type RequestOptions } from 'node:http';
import { Agent as HttpsAgent, request as httpsRequest } from 'node:https';
import { hostResolver } from './resolveHost.js';

/** Connections to the server at a time. */
const CONNECTIONS = 8;
/** Redirections of one request that are followed. */
const REDIRECTS_MAX = 3;
/** A server that sends nothing for so many milliseconds is not there. */
const SILENCE_MAX = 5000;

export interface Ask {
  readonly method: 'GET' | 'HEAD' | 'PUT';
  /** Behind the server's URL: `ac/...` or `cas/...`. */
  readonly path: string;
  readonly body: Uint8Array | null;
  /** Bytes that the answer may have. */
  readonly limit: number;
  readonly signal: AbortSignal;
}

export interface Answered {
  readonly status: number;
  readonly body: Buffer;
}

/**
 * HTTP as far as a cache needs it. An answer comes whole or not at all: one that is cut off, longer than asked for, or that
 * the server falls silent in is an error, and so is a redirection in circles or from https to http. Credentials go to the
 * origin that they are for and nowhere else.
 */
export class Transport {
  readonly #base: URL;
  readonly #authorization: string | null;
  readonly #lookup: ReturnType<typeof hostResolver>;
  readonly #agents = {
    'http:': new HttpAgent({ keepAlive: true, maxSockets: CONNECTIONS }),
    'https:': new HttpsAgent({ keepAlive: true, maxSockets: CONNECTIONS }),
  };

  /**
   * @param base an http or https URL
   * @param signal ends everything
   */
  constructor(base: string, authorization: string | null, signal: AbortSignal) {
    this.#lookup = hostResolver(signal);
    this.#base = new URL(base.endsWith('/') ? base : `${base}/`);
    this.#authorization = authorization;
  }

  /** @throws an error that says in a few words what was wrong with the answer */
  async ask(ask: Ask): Promise<Answered> {
    let url = new URL(ask.path, this.#base);
    for (let redirects = 0; ; redirects++) {
      const response = await this.#send(ask, url);
      const { location } = response.headers;
      const isRedirected = [301, 302, 303, 307, 308].includes(response.statusCode ?? 0) && location !== undefined;
      if (!isRedirected || ask.method === 'PUT')
        return { status: response.statusCode ?? 0, body: await whole(response, ask) };
      response.destroy();
      const next = new URL(location, url);
      if (redirects === REDIRECTS_MAX) throw new Error('it redirects too often');
      if (next.protocol !== url.protocol && next.protocol !== 'https:')
        throw new Error(`it redirects to ${next.protocol}`);
      url = next;
    }
  }

  close(): void {
    for (const agent of Object.values(this.#agents)) agent.destroy();
  }

  #send({ method, body, signal }: Ask, url: URL): Promise<IncomingMessage> {
    const isSecure = url.protocol === 'https:';
    const headers: Record<string, string | number> = { 'user-agent': 'kheaders-pack' };
    if (this.#authorization !== null && url.origin === this.#base.origin)
      headers['authorization'] = this.#authorization;
    if (body !== null) {
      headers['content-type'] = 'application/octet-stream';
      headers['content-length'] = body.length;
    }
    const agent = this.#agents[isSecure ? 'https:' : 'http:'];
    const options: RequestOptions = { method, headers, signal, agent, lookup: this.#lookup };
    return new Promise((resolve, reject) => {
      const request = (isSecure ? httpsRequest : httpRequest)(url, options, resolve);
      request.setTimeout(SILENCE_MAX, () => request.destroy(new Error('it does not answer')));
      request.on('error', reject);
      request.end(body ?? undefined);
    });
  }
}

/** The body of an answer. */
async function whole(response: IncomingMessage, { limit, method }: Ask): Promise<Buffer> {
  const tooLong = (): Error => new Error('it sends more than was asked for');
  const stated = Number(response.headers['content-length'] ?? 0);
  if (method !== 'HEAD' && stated > limit) {
    response.destroy();
    throw tooLong();
  }
  const pieces: Buffer[] = [];
  let length = 0;
  for await (const piece of response as AsyncIterable<Buffer>) {
    length += piece.length;
    if (length > limit) throw tooLong();
    pieces.push(piece);
  }
  if (!response.complete) throw new Error('its answer was cut off');
  return Buffer.concat(pieces, length);
}
