/**
 * How long a pack waits for a server: a time for the whole of it, that runs only while the server is what the pack waits for.
 * That is when something was asked and a worker has nothing to do. So whatever the server does, the pack takes no longer
 * than without it by more than this.
 */
export class Patience {
  readonly #jobs: number;
  readonly #onEnd: () => void;
  /** Milliseconds left. */
  #left: number;
  #asked = 0;
  #working = 0;
  #isAllDone = false;
  #since: number | null = null;
  #timer: NodeJS.Timeout | null = null;

  /**
   * @param jobs worker threads
   * @param limit milliseconds
   * @param onEnd called once, when the time is over
   */
  constructor(jobs: number, limit: number, onEnd: () => void) {
    this.#jobs = jobs;
    this.#left = limit;
    this.#onEnd = onEnd;
  }

  /** Something that the pack waits for. */
  async whileAsking<T>(asking: Promise<T>): Promise<T> {
    this.#change(() => this.#asked++);
    try {
      return await asking;
    } finally {
      this.#change(() => this.#asked--);
    }
  }

  /** Something that keeps a worker busy. */
  async whileWorking<T>(working: Promise<T>): Promise<T> {
    this.#change(() => this.#working++);
    try {
      return await working;
    } finally {
      this.#change(() => this.#working--);
    }
  }

  /** The archive is written: from here on whatever is still under way is waited for. */
  async whileEnding<T>(ending: Promise<T>): Promise<T> {
    this.#change(() => {
      this.#isAllDone = true;
    });
    return this.whileAsking(ending);
  }

  #change(change: () => void): void {
    if (this.#since !== null) {
      this.#left -= performance.now() - this.#since;
      this.#since = null;
    }
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
    change();
    const isWaiting = this.#asked > 0 && (this.#isAllDone || this.#working < this.#jobs);
    if (!isWaiting) return;
    this.#since = performance.now();
    this.#timer = setTimeout(this.#onEnd, Math.max(0, this.#left));
  }
}
