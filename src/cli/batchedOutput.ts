import { commitAll, type Sink } from '../archive/sink.js';
import { KheadersPackError } from '../errors.js';
import { openResult } from './writeData.js';

/** Text is handed on when this much has come together, in code units. */
const BATCH = 2 ** 16;

/** Results that are written while they come, to a file (whole or not at all) or to standard output (`-`). */
export interface BatchedOutput {
  /** Waits where the reader is slow. */
  write(text: string): Promise<void>;
  /** For bytes, behind the text so far. */
  writeBytes(bytes: Uint8Array): Promise<void>;
}

/**
 * Opens an output for the length of `work`. A reader of standard output that goes away is no trouble: it has seen what
 * it wanted, and `work` ends there.
 */
export async function withOutput(path: string, work: (output: BatchedOutput) => Promise<void>): Promise<void> {
  const sink = await openResult(path);
  const batch = new Batch(sink);
  try {
    await work(batch);
    await batch.flush();
    await commitAll([sink]);
  } catch (error) {
    // What was found before the failure is of use on a pipe or a terminal, and no file is half there.
    if (path === '-') await batch.flush().catch(() => undefined);
    await sink.discard();
    if (!(error instanceof KheadersPackError && error.code === 'E_PIPE')) throw error;
  }
}

class Batch implements BatchedOutput {
  readonly #sink: Sink;
  #text = '';

  constructor(sink: Sink) {
    this.#sink = sink;
  }

  async write(text: string): Promise<void> {
    this.#text += text;
    if (this.#text.length >= BATCH) await this.flush();
  }

  async writeBytes(bytes: Uint8Array): Promise<void> {
    await this.flush();
    await this.#sink.write(bytes);
  }

  async flush(): Promise<void> {
    const text = this.#text;
    this.#text = '';
    if (text !== '') await this.#sink.write(Buffer.from(text));
  }
}
