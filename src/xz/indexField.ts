import { crc32 as zlibCrc32 } from 'node:zlib';
import { badXz, type Place, placeAfter, unsupportedXz } from '../errors.js';
import { firstNonNull, roundUp4 } from './alignment.js';
import type { BlockRecord } from './block.js';
import { crc32Field } from './check.js';
import { decodeVli, encodeVli, type Vli } from './vli.js';

/** The Index (.xz specification, section 4): a Record for each Block, in order. */
const INDEX_INDICATOR = 0x00;
const CRC_SIZE = 4;
/** Section 4.3.1. */
const UNPADDED_SIZE_MIN = 5;
/** Section 2.1, in bytes. */
const INDEX_SIZE_MAX = 2 ** 34;

export function encodeIndex(records: readonly BlockRecord[]): Uint8Array {
  const fields: number[] = [INDEX_INDICATOR];
  encodeVli(records.length, fields);
  for (const record of records) {
    encodeVli(record.unpaddedSize, fields);
    encodeVli(record.uncompressedSize, fields);
  }
  const padded = roundUp4(fields.length);
  const out = new Uint8Array(padded + CRC_SIZE);
  out.set(fields, 0);
  out.set(crc32Field(out.subarray(0, padded)), padded);
  return out;
}

/** Who is told of an Index's contents, in order, while it is read: before its CRC32 is checked. It may throw. */
export interface IndexListener {
  onCount(count: number, place: Place): void;
  onRecord(record: BlockRecord, place: Place): void;
}

/**
 * Reads an Index whose bytes come in pieces. It keeps no Record, so whatever number of them an Index claims, memory is
 * the listener's affair.
 */
export class IndexDecoder {
  readonly #start: Place;
  readonly #listener: IndexListener;
  /** The bytes pushed that are not read yet: less than a Record. */
  #rest: Uint8Array = new Uint8Array(0);
  /** Bytes read. */
  #size = 0;
  #crc = 0;
  /** Records to come; null before their number is read. */
  #left: number | null = null;
  #isPadded = false;
  #isDone = false;
  /** What only a right CRC32 makes unsupported; with a wrong one it is damage. */
  #unsupported: Error | null = null;

  /** @param start where the Index begins */
  constructor(start: Place, listener: IndexListener) {
    this.#start = start;
    this.#listener = listener;
  }

  /** Whether the Index has ended, CRC32 included. */
  get isDone(): boolean {
    return this.#isDone;
  }

  /** Bytes of the Index so far. */
  get size(): number {
    return this.#size;
  }

  /**
   * Takes the next piece.
   *
   * @returns how many bytes of it belong to the Index; fewer than all only when the Index has ended
   * @throws KheadersPackError `E_BAD_XZ`, or `E_UNSUPPORTED_XZ` when the CRC32 is right
   */
  push(piece: Uint8Array): number {
    const kept = this.#rest.length;
    const bytes = kept === 0 ? piece : Buffer.concat([this.#rest, piece]);
    let at = 0;
    while (!this.#isPadded) {
      const size = this.#field(bytes.subarray(at));
      if (size === null) break;
      at += size;
      this.#size += size;
      if (this.#size > INDEX_SIZE_MAX) throw badXz(this.#start, 'an Index is over 16 GiB');
    }
    this.#crc = zlibCrc32(bytes.subarray(0, at), this.#crc);
    if (this.#isPadded && bytes.length - at >= CRC_SIZE) {
      this.#finish(new DataView(bytes.buffer, bytes.byteOffset).getUint32(at, true));
      return at + CRC_SIZE - kept;
    }
    this.#rest = bytes.slice(at);
    return piece.length;
  }

  /** Reads the field that `bytes` begin with. @returns its bytes, or null where they are not all there */
  #field(bytes: Uint8Array): number | null {
    const here = placeAfter(this.#start, this.#size);
    if (this.#size === 0) return this.#indicator(bytes, here);
    if (this.#left === null) return this.#count(bytes, here);
    return this.#left > 0 ? this.#record(bytes, here) : this.#padding(bytes, here);
  }

  /** Section 4.1. */
  #indicator(bytes: Uint8Array, here: Place): number | null {
    if (bytes.length === 0) return null;
    if (bytes[0] !== INDEX_INDICATOR) throw badXz(here, 'an Index does not begin with its Index Indicator');
    return 1;
  }

  /** Section 4.2. */
  #count(bytes: Uint8Array, here: Place): number | null {
    const count = this.#vli(bytes, 0, here);
    if (count === null) return null;
    this.#left = count.value;
    this.#listener.onCount(count.value, here);
    return count.size;
  }

  /** Section 4.3. */
  #record(bytes: Uint8Array, here: Place): number | null {
    const unpadded = this.#vli(bytes, 0, here);
    const uncompressed = unpadded === null ? null : this.#vli(bytes, unpadded.size, here);
    if (unpadded === null || uncompressed === null) return null;
    if (unpadded.value < UNPADDED_SIZE_MIN) throw badXz(here, 'the Unpadded Size in an Index Record is under 5 bytes');
    this.#listener.onRecord({ unpaddedSize: unpadded.value, uncompressedSize: uncompressed.value }, here);
    this.#left = (this.#left ?? 0) - 1;
    return unpadded.size + uncompressed.size;
  }

  /** Section 4.4. */
  #padding(bytes: Uint8Array, here: Place): number | null {
    const size = roundUp4(this.#size) - this.#size;
    if (bytes.length < size) return null;
    if (firstNonNull(bytes.subarray(0, size)) >= 0) throw badXz(here, 'the Index Padding is not null');
    this.#isPadded = true;
    return size;
  }

  /** Section 4.5. */
  #finish(stored: number): void {
    if (stored !== this.#crc) throw badXz(placeAfter(this.#start, this.#size), 'the CRC32 of an Index is wrong');
    if (this.#unsupported !== null) throw this.#unsupported;
    this.#size += CRC_SIZE;
    this.#isDone = true;
  }

  #vli(bytes: Uint8Array, at: number, here: Place): Vli | null {
    const vli = decodeVli(bytes, at, bytes.length);
    if (vli === 'long') throw badXz(here, 'a number in an Index is not a variable-length integer');
    if (vli === 'cut') return null;
    if (!Number.isSafeInteger(vli.value))
      this.#unsupported ??= unsupportedXz(here, 'a number over 2^53 - 1 in an Index');
    return vli;
  }
}
