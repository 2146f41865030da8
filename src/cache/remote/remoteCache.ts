import { createHash, createHmac } from 'node:crypto';
import { setMaxListeners } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { systemReason } from '../../errors.js';
import type { RemoteCacheSettings } from '../../model/cache.js';
import type { EncodedBlock } from '../../xz/block.js';
import { encodeEntry, entrySizeMax, type Found, openEntry, type Seal } from '../entry.js';
import { decodeActionResult, encodeActionResult } from './actionResult.js';
import { type Answered, type Ask, Transport } from './transport.js';

/** Bytes of an ActionResult of ours, and of what a server may add. */
const ACTION_RESULT_MAX = 65_536;
/** Bytes of an answer that only its status matters of. */
const REMARKS_MAX = 65_536;
/** How often a request is made in all. */
const ATTEMPTS = 3;
/** Milliseconds before a request is made again, at least and at most; twice as long before the third time. */
const PAUSE = { min: 20, spread: 80 } as const;
/** Requests that may fail for good, one after the other. */
const FAILURES_MAX = 2;
/** Bytes that may be on their way to the server; Blocks that are ready while there are so many are not sent. */
const UPLOADS_MAX = 32 * 2 ** 20;

/** Statuses that another attempt may cure. */
const isPassing = (status: number): boolean => status >= 500 || status === 408 || status === 429;

/**
 * The cache on a server, in the plain HTTP protocol of Bazel's remote cache: `/ac/KEY` holds an ActionResult that names a
 * blob, and `/cas/SHA256` the blob, which is an entry as `entry.ts` has it.
 *
 * Nothing that the server does is an error of the pack. It is given up, in one line, when two requests in a row have
 * failed three times each, when it turns us away, or when whoever keeps the time says so; what is under way then ends at once, as absent.
 */
export class RemoteCache {
  /** Whether what it sends is authenticated; else it has to be compared with what it is to be. */
  readonly isAuthenticated: boolean;
  readonly #settings: RemoteCacheSettings;
  readonly #onNotice: (notice: string) => void;
  readonly #transport: Transport;
  readonly #seal: Seal;
  readonly #end = new AbortController();
  readonly #uploads = new Set<Promise<void>>();
  #uploadBytes = 0;
  #failures = 0;
  #canWrite: boolean;

  constructor(settings: RemoteCacheSettings, onNotice: (notice: string) => void) {
    const { url, authorization, key, isReadOnly } = settings;
    this.#settings = settings;
    this.#onNotice = onNotice;
    this.#transport = new Transport(url, authorization, this.#end.signal);
    this.#seal = key === null ? { kind: 'open' } : { kind: 'secret', secret: key };
    this.isAuthenticated = key !== null;
    this.#canWrite = !isReadOnly;
    // Each request under way listens to it.
    setMaxListeners(0, this.#end.signal);
  }

  /** Whether it is asked no more. */
  get isGivenUp(): boolean {
    return this.#end.signal.aborted;
  }

  /** @param size Uncompressed Size of the Block */
  async read(key: string, size: number): Promise<Found> {
    try {
      const result = await this.#ask({
        method: 'GET',
        path: `ac/${this.#actionKey(key)}`,
        body: null,
        limit: ACTION_RESULT_MAX,
      });
      if (result === null) return { kind: 'absent' };
      const blob = decodeActionResult(result.body);
      if (blob === null || blob.size > entrySizeMax(size)) return { kind: 'dropped', reason: 'not ours' };
      const entry = await this.#ask({ method: 'GET', path: `cas/${blob.hash}`, body: null, limit: blob.size });
      if (entry === null) return { kind: 'absent' };
      if (sha256(entry.body) !== blob.hash) return { kind: 'dropped', reason: 'damaged' };
      const opened = openEntry(entry.body, key, this.#seal);
      if (opened.kind === 'bad') return { kind: 'dropped', reason: opened.reason };
      return opened.block.uncompressedSize === size ? opened : { kind: 'dropped', reason: 'damaged' };
    } catch {
      return { kind: 'absent' };
    }
  }

  /**
   * Sends a Block, in its own time: who wants to wait calls `settle`.
   *
   * @param mayBeThere whether the server may have a good one already, under another key say
   */
  write(key: string, block: EncodedBlock, mayBeThere: boolean): void {
    if (!this.#canWrite || this.isGivenUp || this.#uploadBytes >= UPLOADS_MAX) return;
    const entry = encodeEntry(key, block, this.#seal);
    this.#uploadBytes += entry.length;
    const upload = this.#upload(key, entry, mayBeThere)
      .catch(() => undefined)
      .finally(() => {
        this.#uploadBytes -= entry.length;
        this.#uploads.delete(upload);
      });
    this.#uploads.add(upload);
  }

  /** Waits until everything is sent, or given up. */
  async settle(): Promise<void> {
    await Promise.all(this.#uploads);
  }

  /** Asks it no more, and ends what is under way. */
  giveUp(reason: string): void {
    if (this.isGivenUp) return;
    this.#onNotice(`Going on without the cache server ${this.#settings.url}: ${reason}`);
    this.#end.abort();
  }

  close(): void {
    this.#end.abort();
    this.#transport.close();
  }

  /** The blob first: a server may refuse a result that names a blob which it does not have. */
  async #upload(key: string, entry: Buffer, mayBeThere: boolean): Promise<void> {
    const hash = sha256(entry);
    const path = `cas/${hash}`;
    const isThere = mayBeThere && (await this.#ask({ method: 'HEAD', path, body: null, limit: 0 })) !== null;
    if (!isThere) await this.#put(path, entry);
    await this.#put(`ac/${this.#actionKey(key)}`, encodeActionResult({ hash, size: entry.length }));
  }

  async #put(path: string, body: Buffer): Promise<void> {
    const answer = await this.#ask({ method: 'PUT', path, body, limit: REMARKS_MAX });
    if (answer === null) throw new Error('no such place');
  }

  /** With a key of our own the name is one too: farms with different keys do not meet. */
  #actionKey(key: string): string {
    const { key: secret } = this.#settings;
    return secret === null ? key : createHmac('sha256', secret).update(`kheaders-pack action\0${key}`).digest('hex');
  }

  /** The answer, or null where the server has no such thing. Attempts that fail are made again. */
  async #ask(ask: Omit<Ask, 'signal'>): Promise<Answered | null> {
    for (let attempt = 1; ; attempt++) {
      this.#end.signal.throwIfAborted();
      const { answer, failure } = await this.#attempt(ask);
      if (answer !== null && failure === null) {
        this.#failures = 0;
        return answer.status === 404 || answer.status === 410 ? null : answer;
      }
      this.#end.signal.throwIfAborted();
      const reason = failure ?? 'it fails';
      if (answer !== null && !isPassing(answer.status)) this.#refused(ask, answer.status, reason);
      if (attempt === ATTEMPTS) {
        if (++this.#failures >= FAILURES_MAX) this.giveUp(reason);
        throw new Error(reason);
      }
      const pause = (PAUSE.min + Math.random() * PAUSE.spread) * attempt;
      await sleep(pause, undefined, { signal: this.#end.signal });
    }
  }

  async #attempt(ask: Omit<Ask, 'signal'>): Promise<{ answer: Answered | null; failure: string | null }> {
    try {
      const answer = await this.#transport.ask({ ...ask, signal: this.#end.signal });
      const { status } = answer;
      const isFine = (status >= 200 && status < 300) || ((status === 404 || status === 410) && ask.method !== 'PUT');
      return { answer, failure: isFine ? null : `it answers ${status} to ${ask.method}` };
    } catch (error) {
      return { answer: null, failure: systemReason(error) };
    }
  }

  /** A server that lets us read only is still of use; one that turns us away is not. */
  #refused(ask: Omit<Ask, 'signal'>, status: number, reason: string): never {
    if (ask.method === 'PUT') {
      if (this.#canWrite) this.#onNotice(`Sending nothing to the cache server ${this.#settings.url}: ${reason}`);
      this.#canWrite = false;
    } else if (status === 401 || status === 403) {
      this.giveUp(`${reason} (credentials: KHEADERS_PACK_REMOTE_TOKEN, or a netrc file)`);
    } else {
      this.giveUp(reason);
    }
    throw new Error(reason);
  }
}

function sha256(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}
