import { badXz, placeAfter } from '../../errors.js';
import { ChunkReader, chunkHeaderSize } from '../../lzma/chunk.js';
import type { BlockHeader, Container } from '../../model/container.js';
import type { BlockToDecode } from '../../pool/decodeProtocol.js';
import { roundUp4 } from '../../xz/alignment.js';
import type { BlockRecord } from '../../xz/block.js';
import { blockHeaderSize, decodeBlockHeader } from '../../xz/blockHeader.js';
import { requireStated } from '../../xz/blockSizes.js';
import { checkSizeOf } from '../../xz/check.js';
import { decodeFilterChain } from '../../xz/filterChain.js';
import { IndexDecoder } from '../../xz/indexField.js';
import {
  decodeStreamFooter,
  decodeStreamHeader,
  HEADER_MAGIC_SIZE,
  hasHeaderMagic,
  STREAM_FOOTER_SIZE,
  STREAM_HEADER_SIZE,
} from '../../xz/streamHeader.js';
import type { BlockSupply, LargeBlock } from './blockSupply.js';
import type { ByteReader } from './byteReader.js';
import { containerOfStreams, type FoundStream } from './foundStream.js';
import { isDecodedWhole, type RecordBudget, WHOLE_BLOCK_MAX } from './memory.js';
import { otherFormat, SIGNATURE_SIZE } from './otherFormat.js';

const PADDING_STEP = 4;

/** The Blocks of an archive that is read in one direction. Indexes and Stream Footers are checked as they come. */
export class PipeSupply implements BlockSupply {
  readonly #reader: ByteReader;
  readonly #budget: RecordBudget;
  readonly #memoryLimit: number;
  readonly #onStream: (checkId: number) => void;
  readonly #streams: FoundStream[] = [];
  /** The Check's ID of the Stream that is read, or null between Streams. */
  #checkId: number | null = null;
  /** Of the Blocks of this Stream so far. */
  #records: BlockRecord[] = [];
  #streamOffset = 0;
  #large: LargeBlock | null = null;

  /** @param onStream told of each Stream's Check */
  constructor(reader: ByteReader, budget: RecordBudget, memoryLimit: number, onStream: (checkId: number) => void) {
    this.#reader = reader;
    this.#budget = budget;
    this.#memoryLimit = memoryLimit;
    this.#onStream = onStream;
  }

  async *wholeBlocks(): AsyncGenerator<BlockToDecode, void, undefined> {
    const reader = this.#reader;
    for (;;) {
      const checkId = this.#checkId ?? (await this.#beginStream());
      if (checkId === null) return;
      await reader.need(1, 'a Stream');
      const headerSize = blockHeaderSize(reader.view(0, 1)[0] ?? 0);
      if (headerSize === 0) {
        await this.#endStream(checkId);
        continue;
      }
      await reader.need(headerSize, 'a Block Header');
      const header = decodeBlockHeader(reader.view(0, headerSize), reader.place);
      decodeFilterChain(header.filters, reader.place);
      const record = await this.#findEnd(header, checkSizeOf(checkId));
      if (record === null) {
        this.#large = {
          reader,
          checkId,
          uncompressedSize: null,
          accept: found => this.#note(found),
        };
        return;
      }
      this.#note(record);
      const { place } = reader;
      yield { block: reader.take(roundUp4(record.unpaddedSize)), record, checkId, place };
    }
  }

  largeBlock(): LargeBlock | null {
    const large = this.#large;
    this.#large = null;
    return large;
  }

  /** What the archive was made of, when it has ended. */
  container(): Container {
    return containerOfStreams(this.#streams, this.#reader.place.offset);
  }

  #note(record: BlockRecord): void {
    this.#budget.addRecords(1);
    this.#records.push(record);
  }

  /** Section 2.1.1, and 2.2 before it. @returns the Check's ID, or null at the end of the archive */
  async #beginStream(): Promise<number | null> {
    const reader = this.#reader;
    if (this.#streams.length === 0) await this.#requireXz();
    else if (!(await this.#skipPadding())) return null;
    this.#streamOffset = reader.place.offset;
    await reader.need(STREAM_HEADER_SIZE, 'a Stream Header');
    const checkId = decodeStreamHeader(reader.view(0, STREAM_HEADER_SIZE), reader.place);
    reader.skip(STREAM_HEADER_SIZE);
    this.#checkId = checkId;
    this.#onStream(checkId);
    return checkId;
  }

  async #requireXz(): Promise<void> {
    const found = await this.#reader.fill(HEADER_MAGIC_SIZE);
    const { place } = this.#reader;
    if (found > 0 && hasHeaderMagic(this.#reader.view(0, HEADER_MAGIC_SIZE))) return;
    // As much as came at once: a pipe that holds no archive may stay open for long.
    const head = this.#reader.view(0, SIGNATURE_SIZE);
    throw badXz(place, `expected an .xz file, found ${otherFormat(head)}`);
  }

  /** Section 2.2. @returns whether a Stream follows */
  async #skipPadding(): Promise<boolean> {
    const reader = this.#reader;
    const end = reader.place.offset;
    while ((await reader.fill(PADDING_STEP)) > 0) {
      const word = reader.view(0, PADDING_STEP);
      if (word.length === PADDING_STEP && word.every(byte => byte === 0)) {
        reader.skip(PADDING_STEP);
        continue;
      }
      await reader.fill(HEADER_MAGIC_SIZE);
      if (!hasHeaderMagic(reader.view(0, HEADER_MAGIC_SIZE))) {
        throw badXz(reader.place, 'the .xz data are followed by garbage');
      }
      this.#padLast(reader.place.offset - end);
      return true;
    }
    this.#padLast(reader.place.offset - end);
    return false;
  }

  #padLast(padding: number): void {
    const last = this.#streams.pop();
    if (last !== undefined) this.#streams.push({ ...last, padding });
  }

  /**
   * Finds a Block's end by the sizes that its LZMA2 chunks state, with all of it in view.
   *
   * @returns its sizes, or null when it is too large to be held
   */
  async #findEnd(header: BlockHeader, checkSize: number): Promise<BlockRecord | null> {
    const reader = this.#reader;
    if (Math.max(header.compressedSize ?? 0, header.uncompressedSize ?? 0) > WHOLE_BLOCK_MAX) return null;
    const chunks = new ChunkReader();
    let at = header.size;
    let uncompressedSize = 0;
    const record = (): BlockRecord => ({ unpaddedSize: at + checkSize, uncompressedSize });
    for (;;) {
      await reader.need(at + 1, 'a Block');
      const size = chunkHeaderSize(reader.view(at, 1)[0] ?? 0);
      await reader.need(at + size, 'a Block');
      const chunk = chunks.next(reader.view(at, size), placeAfter(reader.place, at));
      at += chunk === null ? size : chunk.size;
      if (chunk === null) break;
      uncompressedSize += chunk.uncompressedSize;
      if (!isDecodedWhole(record(), this.#memoryLimit)) return null;
    }
    requireStated(header.compressedSize, at - header.size, 'Compressed Size', reader.place);
    requireStated(header.uncompressedSize, uncompressedSize, 'Uncompressed Size', reader.place);
    await reader.need(roundUp4(at + checkSize), 'a Block');
    return record();
  }

  /** Index and Stream Footer (sections 4 and 2.1.2). */
  async #endStream(checkId: number): Promise<void> {
    const indexSize = await this.#readIndex();
    const reader = this.#reader;
    await reader.need(STREAM_FOOTER_SIZE, 'a Stream Footer');
    const { place } = reader;
    const footer = decodeStreamFooter(reader.view(0, STREAM_FOOTER_SIZE), place);
    if (footer.backwardSize !== indexSize) {
      throw badXz(place, 'the Backward Size of a Stream Footer is not the size of its Index');
    }
    if (footer.checkId !== checkId) {
      throw badXz(place, 'the Stream Flags in a Stream Header and its Stream Footer differ');
    }
    reader.skip(STREAM_FOOTER_SIZE);
    const offset = this.#streamOffset;
    this.#budget.addStream();
    this.#streams.push({ offset, size: reader.place.offset - offset, checkId, padding: 0, records: this.#records });
    this.#checkId = null;
    this.#records = [];
  }

  /** @returns bytes of the Index */
  async #readIndex(): Promise<number> {
    const reader = this.#reader;
    const records = this.#records;
    let next = 0;
    const decoder = new IndexDecoder(reader.place, {
      onCount: (count, place) => {
        if (count === records.length) return;
        throw badXz(place, `an Index states ${count} Records, found ${records.length} Blocks`);
      },
      onRecord: (record, place) => {
        const found = records[next++];
        if (found?.unpaddedSize === record.unpaddedSize && found.uncompressedSize === record.uncompressedSize) return;
        throw badXz(place, 'the sizes of a Block are not those that the Index states');
      },
    });
    while (!decoder.isDone) {
      await reader.need(1, 'an Index');
      reader.skip(decoder.push(reader.view(0, reader.inView)));
    }
    return decoder.size;
  }
}
