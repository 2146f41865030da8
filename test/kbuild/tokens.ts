import { spawnSync } from 'node:child_process';
import { closeSync, constants, openSync, readSync, writeSync } from 'node:fs';
import type { TestContext } from 'node:test';
import { systemCode } from '../../src/errors.js';

/** Bytes that a FIFO may hold: what Linux gives to who asks for more. */
const CAPACITY_MAX = 2 ** 20;

/** A jobserver of the test's own: a FIFO with tokens, as make 4.4 has it. Make writes `+`; any bytes may be there. */
export class TestJobserver {
  readonly path: string;
  readonly descriptor: number;

  constructor(t: TestContext, path: string, tokens: string) {
    const { status } = spawnSync('mkfifo', [path]);
    if (status !== 0) throw new Error(`mkfifo ${path} failed`);
    this.path = path;
    this.descriptor = openSync(path, constants.O_RDWR | constants.O_NONBLOCK);
    t.after(() => closeSync(this.descriptor));
    this.put(tokens);
  }

  /** Takes out all the tokens that are there, and sorts them. */
  take(): string {
    const bytes = Buffer.alloc(CAPACITY_MAX);
    try {
      return [...bytes.toString('latin1', 0, readSync(this.descriptor, bytes))].sort().join('');
    } catch (error) {
      if (systemCode(error) === 'EAGAIN') return '';
      throw error;
    }
  }

  put(tokens: string): void {
    if (tokens !== '') writeSync(this.descriptor, tokens);
  }

  /** Fills the FIFO: it takes no token any more. */
  fill(): void {
    const byte = Uint8Array.of(0);
    try {
      for (;;) writeSync(this.descriptor, byte);
    } catch (error) {
      if (systemCode(error) !== 'EAGAIN') throw error;
    }
  }

  /** The tokens that are there right now; for a moment others find none. */
  look(): string {
    const tokens = this.take();
    this.put(tokens);
    return tokens;
  }
}
