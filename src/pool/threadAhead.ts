import { Worker } from 'node:worker_threads';

/** What a thread that decodes runs. */
const ENTRY = new URL('./decodeWorker.js', import.meta.url);

/** @throws Error where no thread can be had */
export function startDecodeWorker(): Worker {
  return new Worker(ENTRY);
}

/** A worker that is started before it is known whether anybody needs it. Nobody waits for its end who does not take it. */
export class ThreadAhead {
  #worker: Worker | null;
  readonly #forget = (): void => {
    this.#worker = null;
  };

  constructor() {
    try {
      this.#worker = startDecodeWorker();
      this.#worker.unref();
      this.#worker.on('error', this.#forget).on('exit', this.#forget);
    } catch {
      // Whoever needs one tries again, and is told.
      this.#worker = null;
    }
  }

  /** The worker, for whoever asks first; null where there is none, or none any more. */
  take(): Worker | null {
    const worker = this.#worker;
    this.#worker = null;
    worker?.off('error', this.#forget).off('exit', this.#forget).ref();
    return worker;
  }
}
