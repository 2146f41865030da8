import { crc32 as zlibCrc32 } from 'node:zlib';
import { badXz, type Place, placeAfter, unsupportedXz } from '../errors.js';
import { type Check, crc32Field, requireCrc32 } from './check.js';

/** Stream Header and Stream Footer (.xz specification, sections 2.1.1 and 2.1.2): twelve bytes each. */
const HEADER_MAGIC = [0xfd, 0x37, 0x7a, 0x58, 0x5a, 0x00] as const;
const FOOTER_MAGIC = [0x59, 0x5a] as const;
export const HEADER_MAGIC_SIZE = HEADER_MAGIC.length;
export const STREAM_HEADER_SIZE = 12;
export const STREAM_FOOTER_SIZE = 12;

const FLAGS_AT = 6;
const FLAGS_SIZE = 2;
const HEADER_CRC_AT = 8;
const CHECK_ID_MAX = 0x0f;

const FOOTER_CRC_AT = 0;
const BACKWARD_SIZE_AT = 4;
const FOOTER_FLAGS_AT = 8;
const FOOTER_MAGIC_AT = 10;

/** Stream Flags: a reserved byte, then the Check's ID. */
function streamFlags(check: Check): Uint8Array {
  return Uint8Array.of(0x00, check.id);
}

export function encodeStreamHeader(check: Check): Uint8Array {
  const out = new Uint8Array(STREAM_HEADER_SIZE);
  out.set(HEADER_MAGIC, 0);
  out.set(streamFlags(check), FLAGS_AT);
  out.set(crc32Field(out.subarray(FLAGS_AT, FLAGS_AT + FLAGS_SIZE)), HEADER_CRC_AT);
  return out;
}

/** @param backwardSize the Index's size in bytes, a multiple of four */
export function encodeStreamFooter(check: Check, backwardSize: number): Uint8Array {
  const out = new Uint8Array(STREAM_FOOTER_SIZE);
  new DataView(out.buffer).setUint32(BACKWARD_SIZE_AT, backwardSize / 4 - 1, true);
  out.set(streamFlags(check), FOOTER_FLAGS_AT);
  out.set(FOOTER_MAGIC, FOOTER_MAGIC_AT);
  out.set(crc32Field(out.subarray(BACKWARD_SIZE_AT, FOOTER_MAGIC_AT)), FOOTER_CRC_AT);
  return out;
}

/** The bytes that every .xz file begins with. */
export function hasHeaderMagic(bytes: Uint8Array): boolean {
  return HEADER_MAGIC.every((byte, i) => bytes[i] === byte);
}

/**
 * The Check's ID that a Stream Header states.
 *
 * @param bytes `STREAM_HEADER_SIZE` of them
 */
export function decodeStreamHeader(bytes: Uint8Array, place: Place): number {
  if (!hasHeaderMagic(bytes)) throw badXz(place, 'the Header Magic Bytes of a Stream are wrong');
  requireCrc32(bytes.subarray(FLAGS_AT, FLAGS_AT + FLAGS_SIZE), bytes, HEADER_CRC_AT, place, 'Stream Header');
  return decodeStreamFlags(bytes, FLAGS_AT, place);
}

/** What a Stream Footer states. */
export interface StreamFooter {
  readonly checkId: number;
  /** The Index's size in bytes, a multiple of four. */
  readonly backwardSize: number;
}

/** @param bytes `STREAM_FOOTER_SIZE` of them */
export function decodeStreamFooter(bytes: Uint8Array, place: Place): StreamFooter {
  if (FOOTER_MAGIC.some((byte, i) => bytes[FOOTER_MAGIC_AT + i] !== byte)) {
    throw badXz(
      placeAfter(place, FOOTER_MAGIC_AT),
      'a Stream should end here and has no Stream Footer (is the file cut short?)',
    );
  }
  requireCrc32(bytes.subarray(BACKWARD_SIZE_AT, FOOTER_MAGIC_AT), bytes, FOOTER_CRC_AT, place, 'Stream Footer');
  const stored = new DataView(bytes.buffer, bytes.byteOffset).getUint32(BACKWARD_SIZE_AT, true);
  return { checkId: decodeStreamFlags(bytes, FOOTER_FLAGS_AT, place), backwardSize: (stored + 1) * 4 };
}

/**
 * Whether bytes are a Stream Footer: the magic bytes and the CRC32 are right. It throws nothing, for who looks at every
 * byte of a file.
 */
export function isStreamFooter(bytes: Uint8Array): boolean {
  if (bytes.length !== STREAM_FOOTER_SIZE || bytes[FOOTER_FLAGS_AT] !== 0) return false;
  if (FOOTER_MAGIC.some((byte, i) => bytes[FOOTER_MAGIC_AT + i] !== byte)) return false;
  const stored = new DataView(bytes.buffer, bytes.byteOffset).getUint32(FOOTER_CRC_AT, true);
  return stored === zlibCrc32(bytes.subarray(BACKWARD_SIZE_AT, FOOTER_MAGIC_AT));
}

/** Section 2.1.1.2. With a right CRC32, reserved bits are a newer format's. */
function decodeStreamFlags(bytes: Uint8Array, at: number, place: Place): number {
  const [reserved = 0, check = 0] = bytes.subarray(at, at + FLAGS_SIZE);
  if (reserved !== 0 || check > CHECK_ID_MAX) {
    throw unsupportedXz(placeAfter(place, at), 'reserved bits of the Stream Flags are set');
  }
  return check;
}
