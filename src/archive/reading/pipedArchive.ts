import type { Readable } from 'node:stream';
import type { Excerpt } from '../../bytes/excerpt.js';
import { KheadersPackError } from '../../errors.js';
import type { BlockHeader, Container } from '../../model/container.js';
import type { ReadingSettings } from '../../model/reading.js';
import type { Extent, PieceOf } from '../../pool/decodeProtocol.js';
import { ByteReader } from './byteReader.js';
import { CheckNotices } from './checkNotices.js';
import { decodeBlocks } from './decodeBlocks.js';
import { kept } from './kept.js';
import { RecordBudget } from './memory.js';
import { PipeSupply } from './pipeSupply.js';
import { readablePieces } from './readable.js';
import { DecodingThreads } from './threads.js';

/** An open archive that is read in one direction: see `OpenArchive`. */
export class PipedArchive {
  readonly name: string;
  readonly #pieces: AsyncGenerator<Uint8Array, void, undefined>;
  readonly #readable: Readable;
  readonly #settings: ReadingSettings;
  readonly #threads: DecodingThreads;
  #isRead = false;
  #container: Container | null = null;

  constructor(readable: Readable, name: string, settings: ReadingSettings) {
    this.name = name;
    this.#readable = readable;
    this.#pieces = readablePieces(readable, name, settings.signal);
    this.#settings = settings;
    this.#threads = new DecodingThreads(settings.jobs);
  }

  /** Null until it is read to its end. */
  get container(): Container | null {
    return this.#container;
  }

  read(): AsyncGenerator<Uint8Array, void, undefined> {
    return kept(this.pass());
  }

  pass(): AsyncGenerator<Uint8Array, void, undefined> {
    return this.#decode('all');
  }

  skim(extent: 'members' | 'nothing'): AsyncGenerator<Excerpt, void, undefined> {
    return this.#decode(extent);
  }

  async *#decode<E extends Extent>(extent: E): AsyncGenerator<PieceOf[E], void, undefined> {
    if (this.#isRead) throw new RangeError('A pipe is read once');
    this.#isRead = true;
    const { memoryLimit, signal, onNotice, onProgress } = this.#settings;
    const notices = new CheckNotices(onNotice);
    const reader = new ByteReader(this.#pieces, { path: this.name, offset: 0 });
    const budget = new RecordBudget(this.name, memoryLimit);
    const supply = new PipeSupply(reader, budget, memoryLimit, id => notices.see(id));
    const decoding = this.#threads.forUnknown(extent);
    let bytes = 0;
    for await (const piece of decodeBlocks(supply, decoding, memoryLimit, signal)) {
      bytes += piece.length;
      onProgress({ stage: 'decode', bytes, totalBytes: null });
      yield piece;
    }
    this.#container = supply.container();
  }

  readRange(): AsyncGenerator<Uint8Array, void, undefined> {
    throw this.#notSeekable();
  }

  async blockHeader(): Promise<BlockHeader> {
    throw this.#notSeekable();
  }

  rawRange(): AsyncGenerator<Uint8Array, void, undefined> {
    throw this.#notSeekable();
  }

  async close(): Promise<void> {
    this.#readable.destroy();
    // Whoever stops early leaves it between two pieces, and listening to the signal. Not waited for: see `readablePieces`.
    this.#pieces.return().catch(() => undefined);
    await this.#threads.close();
  }

  #notSeekable(): KheadersPackError {
    return new KheadersPackError('E_READ', { path: this.name, reason: 'it is a pipe, which is read from its start' });
  }
}
