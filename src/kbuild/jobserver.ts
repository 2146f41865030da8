import { closeSync, constants, fstatSync, openSync, readSync, writeSync } from 'node:fs';
import type { Slots } from '../flow/slots.js';
import { atSuddenEnd } from '../flow/suddenEnd.js';

/**
 * A client of GNU make's jobserver in its FIFO form (make's manual, "POSIX Jobserver Interaction").
 *
 * Every process that make starts may keep one processor busy: that slot is ours without asking. Each further one costs a
 * token, one byte read from the FIFO, and the same byte is written back as soon as no work needs the slot. So tokens are
 * held only while workers work, and make can start a compiler as soon as we have less to do.
 *
 * Reads never wait: a token that comes to a thread while the process is being ended would be lost to the whole build.
 * While work waits for a slot the FIFO is asked again every few milliseconds. A read and the note of what it gave happen
 * in one turn of the event loop, and signals are taken between turns, so that every token held is known at a sudden end.
 */
export class Jobserver implements Slots {
  readonly #descriptor: number;
  readonly #limit: number;
  readonly #tokens: number[] = [];
  readonly #waiting: (() => void)[] = [];
  #running = 0;
  #poll: NodeJS.Timeout | null = null;

  /** @param limit slots at most, our own included */
  constructor(descriptor: number, limit: number) {
    this.#descriptor = descriptor;
    this.#limit = limit;
  }

  async run<T>(work: () => Promise<T>): Promise<T> {
    await this.#take();
    try {
      return await work();
    } finally {
      this.#release();
    }
  }

  /** Gives back every token. Synchronous, for a sudden end. */
  returnTokens(): void {
    while (this.#tokens.length > 0) this.#returnOne();
  }

  close(): void {
    if (this.#poll !== null) clearTimeout(this.#poll);
    try {
      this.returnTokens();
    } finally {
      closeSync(this.#descriptor);
    }
  }

  #take(): Promise<void> {
    return new Promise(resolve => {
      this.#waiting.push(resolve);
      this.#serve();
    });
  }

  /** Lets those who wait go on while there are slots, and asks again later while there are too few. */
  #serve(): void {
    while (this.#waiting.length > 0 && (this.#running <= this.#tokens.length || this.#takeToken())) {
      this.#running++;
      this.#waiting.shift()?.();
    }
    if (this.#waiting.length > 0 && this.#running < this.#limit) this.#askLater();
  }

  #release(): void {
    this.#running--;
    this.#serve();
    // One slot is ours; each further one that works has a token.
    while (this.#tokens.length > Math.max(0, this.#running - 1)) this.#returnOne();
  }

  #askLater(): void {
    this.#poll ??= setTimeout(() => {
      this.#poll = null;
      this.#serve();
    }, POLL_INTERVAL);
  }

  #takeToken(): boolean {
    if (this.#tokens.length + 1 >= this.#limit) return false;
    const byte = new Uint8Array(1);
    try {
      if (readSync(this.#descriptor, byte) === 0) return false;
    } catch {
      // EAGAIN: all tokens are with others.
      return false;
    }
    this.#tokens.push(byte[0] ?? 0);
    return true;
  }

  #returnOne(): void {
    const token = this.#tokens.pop();
    if (token !== undefined) writeSync(this.#descriptor, Uint8Array.of(token));
  }
}

/** Milliseconds. A Block takes some hundred, so asking more often gains nothing. */
const POLL_INTERVAL = 10;

/**
 * The slots of make's jobserver for the length of `work`.
 *
 * @param path of the FIFO
 * @param limit slots at most
 * @param otherwise the slots where the FIFO cannot be used; `why` says what is wrong with it
 */
export async function withJobserver<T>(
  path: string,
  limit: number,
  work: (slots: Slots) => Promise<T>,
  otherwise: (why: unknown) => Slots,
): Promise<T> {
  const jobserver = connect(path, limit, otherwise);
  if (!(jobserver instanceof Jobserver)) return work(jobserver);
  const forget = atSuddenEnd(() => jobserver.returnTokens());
  try {
    return await work(jobserver);
  } finally {
    // Before it is closed, which may fail: the descriptor may be another file's at a sudden end.
    forget();
    jobserver.close();
  }
}

function connect(path: string, limit: number, otherwise: (why: unknown) => Slots): Slots {
  let descriptor: number;
  try {
    // Open for both, as make's manual says: the read end never sees the end of the file.
    descriptor = openSync(path, constants.O_RDWR | constants.O_NONBLOCK);
  } catch (error) {
    return otherwise(error);
  }
  if (fstatSync(descriptor).isFIFO()) return new Jobserver(descriptor, limit);
  closeSync(descriptor);
  return otherwise(new Error('not a FIFO'));
}
