import { badXz, KheadersPackError, type Place, unsupportedXz } from '../../errors.js';
import type { Container } from '../../model/container.js';
import { roundUp4 } from '../../xz/alignment.js';
import type { BlockRecord } from '../../xz/block.js';
import { paddedSize } from '../../xz/blockSizes.js';
import { IndexDecoder } from '../../xz/indexField.js';
import {
  decodeStreamFooter,
  decodeStreamHeader,
  hasHeaderMagic,
  STREAM_FOOTER_SIZE,
  STREAM_HEADER_SIZE,
  type StreamFooter,
} from '../../xz/streamHeader.js';
import type { RandomAccess } from './archiveFile.js';
import { containerOfStreams, type FoundStream } from './foundStream.js';
import { RecordBudget } from './memory.js';
import { otherFormat, SIGNATURE_SIZE } from './otherFormat.js';

/** Small structures are read together, so that a file of many small Streams takes few reads. Bytes. */
const WINDOW_SIZE = 2 ** 16;

/**
 * Finds all Streams of a file from its end backwards: Stream Padding, Stream Footer, Index, and the Stream Header where
 * the Index says that it is. No Block is read.
 *
 * @throws KheadersPackError `E_BAD_XZ`, `E_UNSUPPORTED_XZ`; `E_MEMORY_LIMIT` when the Records of its Indexes are too many
 */
export async function scanContainer(file: RandomAccess, memoryLimit: number, signal: AbortSignal): Promise<Container> {
  const window = new BackwardWindow(file);
  await requireXz(file, window);
  const budget = new RecordBudget(file.path, memoryLimit);
  const streams: FoundStream[] = [];
  for (let end = file.size; end > 0; ) {
    if (signal.aborted) throw new KheadersPackError('E_ABORTED', {});
    const streamEnd = await endOfStream(window, end);
    const stream = await findStream(file, window, streamEnd, budget, end - streamEnd);
    streams.push(stream);
    end = stream.offset;
  }
  const container = containerOfStreams(streams.reverse(), file.size);
  if (Number.isSafeInteger(container.uncompressedSize)) return container;
  throw unsupportedXz({ path: file.path, offset: 0 }, 'its contents are over 2^53 - 1 bytes');
}

/**
 * The Stream that ends at byte `end` of a file, whatever lies before it. No Block is read.
 *
 * @throws KheadersPackError as `scanContainer`
 */
export function streamThatEnds(file: RandomAccess, end: number, memoryLimit: number): Promise<FoundStream> {
  return findStream(file, new BackwardWindow(file), end, new RecordBudget(file.path, memoryLimit), 0);
}

/** What every .xz file has: its first bytes, and a size that is a multiple of four (section 2). */
async function requireXz(file: RandomAccess, window: BackwardWindow): Promise<void> {
  const start = { path: file.path, offset: 0 };
  const head = await window.read(0, Math.min(file.size, SIGNATURE_SIZE));
  if (!hasHeaderMagic(head)) throw badXz(start, `expected an .xz file, found ${otherFormat(head)}`);
  if (file.size % 4 === 0) return;
  throw badXz({ path: file.path, offset: file.size }, 'the .xz data end early, or garbage follows them');
}

/** Goes back over Stream Padding (section 2.2). Most Streams have none, and what is looked at has been read already. */
async function endOfStream(window: BackwardWindow, end: number): Promise<number> {
  let size = STREAM_FOOTER_SIZE;
  for (let to = end; to > 0; size = WINDOW_SIZE) {
    const from = Math.max(0, to - size);
    const bytes = await window.read(from, to);
    const last = bytes.findLastIndex(byte => byte !== 0);
    if (last >= 0) return roundUp4(from + last + 1);
    to = from;
  }
  return 0;
}

/** The Stream that ends at `end`. */
async function findStream(
  file: RandomAccess,
  window: BackwardWindow,
  end: number,
  budget: RecordBudget,
  padding: number,
): Promise<FoundStream> {
  const at = (offset: number): Place => ({ path: file.path, offset });
  const footerAt = end - STREAM_FOOTER_SIZE;
  if (footerAt < STREAM_HEADER_SIZE) throw badXz(at(end), 'the .xz data end early, inside a Stream');
  const footer = decodeStreamFooter(await window.read(footerAt, end), at(footerAt));
  const indexAt = footerAt - footer.backwardSize;
  if (indexAt < STREAM_HEADER_SIZE) throw badXz(at(footerAt), 'the Backward Size of a Stream Footer is too large');
  const records = await readIndex(file, window, indexAt, footerAt, budget);
  const blocksSize = records.reduce((sum, record) => sum + paddedSize(record), 0);
  const offset = indexAt - blocksSize - STREAM_HEADER_SIZE;
  if (offset < 0) throw badXz(at(indexAt), 'an Index lists more than lies before it');
  await requireStreamHeader(window, at(offset), footer);
  budget.addStream();
  return { offset, size: end - offset, checkId: footer.checkId, padding, records };
}

async function readIndex(
  file: RandomAccess,
  window: BackwardWindow,
  from: number,
  to: number,
  budget: RecordBudget,
): Promise<BlockRecord[]> {
  const records: BlockRecord[] = [];
  const place = { path: file.path, offset: from };
  let total = 0;
  const decoder = new IndexDecoder(place, {
    onCount: count => {
      // The shortest Record takes two bytes.
      if (count > (to - from) / 2) throw badXz(place, 'an Index states more Records than it has room for');
      budget.addRecords(count);
    },
    onRecord: (record, recordPlace) => {
      total += paddedSize(record);
      if (total > from) throw badXz(recordPlace, 'an Index lists more than lies before it');
      records.push(record);
    },
  });
  for await (const piece of window.pieces(from, to)) {
    if (decoder.push(piece) < piece.length) break;
  }
  if (decoder.isDone && decoder.size === to - from) return records;
  throw badXz({ path: file.path, offset: to }, 'the Backward Size of a Stream Footer is not the size of its Index');
}

/** Section 2.1.2.3: header and footer agree. */
async function requireStreamHeader(window: BackwardWindow, place: Place, footer: StreamFooter): Promise<void> {
  const header = await window.read(place.offset, place.offset + STREAM_HEADER_SIZE);
  if (decodeStreamHeader(header, place) === footer.checkId) return;
  throw badXz(place, 'the Stream Flags in a Stream Header and its Stream Footer differ');
}

/** Reads small ranges of a file, from its end towards its start, many of them with one read. */
class BackwardWindow {
  readonly #file: RandomAccess;
  #from = 0;
  #bytes = new Uint8Array(0);

  constructor(file: RandomAccess) {
    this.#file = file;
  }

  async read(from: number, to: number): Promise<Uint8Array> {
    if (from < this.#from || to > this.#from + this.#bytes.length) {
      this.#from = Math.max(0, to - WINDOW_SIZE);
      this.#bytes = (await this.#file.read(this.#from, to)) as Uint8Array<ArrayBuffer>;
    }
    return this.#bytes.subarray(from - this.#from, to - this.#from);
  }

  /** A range of any size, in pieces. */
  async *pieces(from: number, to: number): AsyncGenerator<Uint8Array, void, undefined> {
    if (to - from <= WINDOW_SIZE) yield await this.read(from, to);
    else yield* this.#file.pieces(from, to);
  }
}
