import type { Worker } from 'node:worker_threads';
import { fromFailure } from '../errors.js';
import { decoderModule } from '../lzma/blockDecoder.js';
import type {
  BlockToDecode,
  ContentPiece,
  ContentSink,
  DecodeOrder,
  DecodeReply,
  DecoderCode,
  Extent,
} from './decodeProtocol.js';
import { startDecodeWorker, type ThreadAhead } from './threadAhead.js';
import { workerError } from './workerError.js';

let ahead: ThreadAhead | null = null;

/** Offers a worker that has been started already to the next thread. */
export function offerThread(offered: ThreadAhead): void {
  ahead = offered;
}

/**
 * Share of a Block's content that is to come when the thread may have the next one, too: it would wait for it, while the main
 * thread decodes a piece itself.
 */
const NEARLY_DONE = 1 / 8;

/** A Block that a thread has. */
interface Order {
  readonly sink: ContentSink;
  /** Bytes of its content. */
  readonly size: number;
  /** Bytes of its content that have not come. */
  left: number;
}

/**
 * A thread that decodes Blocks, one after the other. piscina's threads take 80 ms more to start (of 110), which is longer than
 * many an archive takes to be read, and give a task's result in one piece when it is done.
 *
 * When it ends by itself, the Blocks that it had fail with `E_WORKER`, and it takes no more.
 */
export class DecodeThread {
  readonly #worker: Worker;
  readonly #onChange: () => void;
  /** The Blocks that it has, in order. */
  readonly #orders: Order[] = [];
  #state: 'starting' | 'running' | 'ended' = 'starting';
  #onNext: () => void = () => undefined;
  #closing: Promise<void> | null = null;

  /**
   * @param onChange told when it has loaded, is done with a Block, or has ended
   * @throws Error where no thread can be had
   */
  constructor(onChange: () => void) {
    this.#onChange = onChange;
    const code: DecoderCode = { code: decoderModule() };
    this.#worker = ahead?.take() ?? startDecodeWorker();
    this.#worker.on('message', (reply: DecodeReply) => this.#take(reply));
    this.#worker.on('messageerror', error => this.#end(error));
    this.#worker.on('error', error => this.#end(error));
    this.#worker.on('exit', code => this.#end(new Error(`it ended with exit code ${code}`)));
    this.#worker.postMessage(code);
  }

  get state(): 'starting' | 'running' | 'ended' {
    return this.#state;
  }

  /** Blocks that it has and is not done with; one that it is as good as done with is not counted. */
  get blocks(): number {
    const [first] = this.#orders;
    return this.#orders.length - (first !== undefined && first.left <= NEARLY_DONE * first.size ? 1 : 0);
  }

  /**
   * The block's bytes are taken over.
   *
   * @param slot one that holds nothing that somebody still looks at
   */
  decode(block: BlockToDecode, slot: number, extent: Extent, sink: ContentSink): void {
    const order: DecodeOrder = { block, slot, extent };
    this.#worker.postMessage(order, [block.block.buffer as ArrayBuffer]);
    const { uncompressedSize } = block.record;
    this.#orders.push({ sink, size: uncompressedSize, left: uncompressedSize });
  }

  /** Waits until it is done with the Blocks that it has, and ends it. */
  close(): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  async #close(): Promise<void> {
    // One that is ended while it loads leaves open what it is reading (Node 20).
    while (this.#state === 'starting' || (this.#state === 'running' && this.#orders.length > 0)) {
      await new Promise<void>(resolve => {
        this.#onNext = resolve;
      });
    }
    await this.#worker.terminate();
  }

  #take(reply: DecodeReply): void {
    switch (reply.kind) {
      case 'loaded':
        this.#state = 'running';
        break;
      case 'pieces':
        this.#takePieces(reply.pieces);
        return;
      case 'end':
        this.#orders.shift()?.sink.end();
        break;
      case 'failed':
        this.#orders.shift()?.sink.fail(fromFailure(reply.failure));
        break;
    }
    this.#changed();
  }

  #takePieces(pieces: readonly ContentPiece[]): void {
    const [order] = this.#orders;
    if (order === undefined) return;
    for (const { length } of pieces) order.left -= length;
    order.sink.push(pieces);
  }

  #end(error: unknown): void {
    this.#state = 'ended';
    for (const { sink } of this.#orders.splice(0)) sink.fail(workerError(error));
    this.#changed();
  }

  #changed(): void {
    this.#onNext();
    this.#onChange();
  }
}
