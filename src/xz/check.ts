import { createHash } from 'node:crypto';
import { crc32 as zlibCrc32 } from 'node:zlib';
import { crc64 } from './crc64.js';

/** The integrity checks of .xz (specification, section 2.1.1.2). */
export type CheckName = 'none' | 'crc32' | 'crc64' | 'sha256';

/** One kind of Check: its ID in the Stream Flags, the size of its field in bytes, and how it is computed. */
export interface Check {
  readonly id: number;
  readonly size: number;
  compute(data: Uint8Array): Uint8Array;
}

/** Every Check that we write. `none` is a Check like the others, with an empty field. */
export const CHECKS: Readonly<Record<CheckName, Check>> = {
  none: { id: 0x00, size: 0, compute: () => new Uint8Array(0) },
  crc32: { id: 0x01, size: 4, compute: data => crc32Field(data) },
  crc64: { id: 0x04, size: 8, compute: crc64 },
  sha256: { id: 0x0a, size: 32, compute: data => createHash('sha256').update(data).digest() },
};

/** CRC32 as the four bytes that the container stores, least significant first. */
export function crc32Field(data: Uint8Array): Uint8Array {
  const out = new Uint8Array(4);
  new DataView(out.buffer).setUint32(0, zlibCrc32(data), true);
  return out;
}
