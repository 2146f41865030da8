import { badXz, type Place, placeAfter, unsupportedXz } from '../errors.js';
import type { BlockHeader, Filter } from '../model/container.js';
import { firstNonNull, roundUp4 } from './alignment.js';
import { crc32Field, requireCrc32 } from './check.js';
import { encodeLzma2FilterFlags } from './lzma2Filter.js';
import { decodeVli, encodeVli } from './vli.js';

/** The Block Header (.xz specification, section 3.1). */

const SIZE_AT = 0;
const FLAGS_AT = 1;
const FIELDS_AT = 2;
const CRC_SIZE = 4;

const FILTER_COUNT_MASK = 0x03;
const RESERVED_MASK = 0x3c;
const COMPRESSED_SIZE_PRESENT = 0x40;
const UNCOMPRESSED_SIZE_PRESENT = 0x80;
const ONE_FILTER = 0x00;

/** Filter IDs from here on never stand in a file (section 3.1.5). */
const FILTER_ID_INTERNAL = 2 ** 62;
/** A Block is smaller than its Stream, and that is smaller than this (section 2.1). */
const STREAM_SIZE_LIMIT = 2 ** 63;

/** Block Header with both sizes, so that readers can find and decode Blocks in parallel. */
export function encodeBlockHeader(
  compressedSize: number,
  uncompressedSize: number,
  dictionarySize: number,
): Uint8Array {
  const fields: number[] = [0, COMPRESSED_SIZE_PRESENT | UNCOMPRESSED_SIZE_PRESENT | ONE_FILTER];
  encodeVli(compressedSize, fields);
  encodeVli(uncompressedSize, fields);
  fields.push(...encodeLzma2FilterFlags(dictionarySize));
  const size = roundUp4(fields.length + CRC_SIZE);
  fields[SIZE_AT] = size / 4 - 1;
  const out = new Uint8Array(size);
  out.set(fields, 0);
  out.set(crc32Field(out.subarray(0, size - CRC_SIZE)), size - CRC_SIZE);
  return out;
}

/**
 * Bytes of the Block Header that begins with this byte (section 3.1.1); 0 where the byte is an Index Indicator, which
 * begins the Index.
 */
export function blockHeaderSize(firstByte: number): number {
  return firstByte === 0 ? 0 : (firstByte + 1) * 4;
}

/**
 * What a Block Header states. Its filters are not looked at: see `filterChain.ts`.
 *
 * @param bytes the whole of it, `blockHeaderSize` bytes
 */
export function decodeBlockHeader(bytes: Uint8Array, place: Place): BlockHeader {
  const end = bytes.length - CRC_SIZE;
  requireCrc32(bytes.subarray(0, end), bytes, end, place, 'Block Header');
  const flags = bytes[FLAGS_AT] ?? 0;
  // With a right CRC32, reserved bits are a newer format's.
  if ((flags & RESERVED_MASK) !== 0) {
    throw unsupportedXz(placeAfter(place, FLAGS_AT), 'reserved bits of the Block Flags are set');
  }
  const fields = new FieldReader(bytes, end, place);
  const compressedSize = (flags & COMPRESSED_SIZE_PRESENT) === 0 ? null : fields.size('Compressed Size', 1);
  const uncompressedSize = (flags & UNCOMPRESSED_SIZE_PRESENT) === 0 ? null : fields.size('Uncompressed Size', 0);
  const filters = Array.from({ length: (flags & FILTER_COUNT_MASK) + 1 }, () => fields.filter());
  fields.padding();
  return { size: bytes.length, compressedSize, uncompressedSize, filters };
}

/** Reads the fields of a Block Header one after the other. */
class FieldReader {
  readonly #bytes: Uint8Array;
  readonly #end: number;
  readonly #place: Place;
  #at = FIELDS_AT;

  constructor(bytes: Uint8Array, end: number, place: Place) {
    this.#bytes = bytes;
    this.#end = end;
    this.#place = place;
  }

  /** Sections 3.1.3 and 3.1.4. */
  size(what: string, min: number): number {
    const place = this.#here();
    const size = this.#vli(what);
    if (size < min || size >= STREAM_SIZE_LIMIT) throw badXz(place, `the ${what} of a Block is out of range`);
    if (!Number.isSafeInteger(size)) throw unsupportedXz(place, `the ${what} of a Block is over 2^53 - 1 bytes`);
    return size;
  }

  /** Section 3.1.5. */
  filter(): Filter {
    const place = this.#here();
    const id = this.#vli('Filter ID');
    if (id >= FILTER_ID_INTERNAL) throw badXz(place, 'a Filter ID is one that no file may have');
    const size = this.#vli('Size of Properties');
    if (size > this.#end - this.#at) throw this.#overrun('Filter Properties');
    const properties = this.#bytes.slice(this.#at, this.#at + size);
    this.#at += size;
    return { id, properties };
  }

  /** Section 3.1.6. */
  padding(): void {
    const found = firstNonNull(this.#bytes.subarray(this.#at, this.#end));
    if (found < 0) return;
    throw unsupportedXz(
      placeAfter(this.#here(), found),
      'the Header Padding of a Block holds a field of a newer format',
    );
  }

  #vli(what: string): number {
    const vli = decodeVli(this.#bytes, this.#at, this.#end);
    if (vli === 'cut') throw this.#overrun(what);
    if (vli === 'long') throw badXz(this.#here(), `the ${what} in a Block Header is not a variable-length integer`);
    this.#at += vli.size;
    return vli.value;
  }

  #overrun(what: string): Error {
    return badXz(this.#here(), `a Block Header ends inside its ${what}`);
  }

  #here(): Place {
    return placeAfter(this.#place, this.#at);
  }
}
