import { createHash, createHmac, timingSafeEqual } from 'node:crypto';
import { roundUp4 } from '../xz/alignment.js';
import type { EncodedBlock } from '../xz/block.js';

/**
 * A Block as it is kept: a header of fixed size, and the Block's bytes behind it.
 *
 * The header has the digest of the bytes, and an HMAC-SHA-256 under the secret covers the header: who does not know the
 * secret can make no entry that passes, and a damaged or truncated one does not pass either. Numbers are little-endian.
 */
export type Opened =
  | { readonly kind: 'block'; readonly block: EncodedBlock }
  | { readonly kind: 'bad'; readonly reason: BadEntry };

/** Why an entry is not believed: cut off or of a wrong size, changed, made under another secret or by no program of ours. */
export type BadEntry = 'truncated' | 'damaged' | 'not ours';

/** What an entry is sealed with. `open` seals carry zeros: what they came from has to be checked in another way. */
export type Seal = { readonly kind: 'secret'; readonly secret: string | Buffer } | { readonly kind: 'open' };

const MAGIC = Buffer.from('KHBLOCK\x01', 'latin1');
// Fields in file order: offset and width in bytes.
const KEY = { at: 8, width: 32 } as const;
const UNPADDED_SIZE = { at: 40, width: 8 } as const;
const UNCOMPRESSED_SIZE = { at: 48, width: 8 } as const;
const DIGEST = { at: 56, width: 32 } as const;
const HMAC = { at: 88, width: 32 } as const;
const BYTES = 120;

/** Bytes that an entry has beside those of its Block. */
export const ENTRY_OVERHEAD = BYTES;

/** LZMA2 makes nothing larger by more than this share, and by a few headers. */
const GROWTH_MAX = 1.01;
const SLACK = 4096;

/** Bytes that the entry of a Block can have, whose Uncompressed Size is `size`. */
export function entrySizeMax(size: number): number {
  return Math.ceil(size * GROWTH_MAX) + SLACK + ENTRY_OVERHEAD;
}

/** What is found under a key: a Block, nothing, or what is not believed. */
export type Found =
  | { readonly kind: 'block'; readonly block: EncodedBlock }
  | { readonly kind: 'absent' }
  | { readonly kind: 'dropped'; readonly reason: BadEntry };

export function encodeEntry(key: string, block: EncodedBlock, seal: Seal): Buffer {
  const entry = Buffer.alloc(BYTES + block.bytes.length);
  entry.set(MAGIC, 0);
  entry.write(key, KEY.at, KEY.width, 'hex');
  entry.writeBigUInt64LE(BigInt(block.unpaddedSize), UNPADDED_SIZE.at);
  entry.writeBigUInt64LE(BigInt(block.uncompressedSize), UNCOMPRESSED_SIZE.at);
  entry.set(createHash('sha256').update(block.bytes).digest(), DIGEST.at);
  entry.set(sealOf(entry, seal), HMAC.at);
  entry.set(block.bytes, BYTES);
  return entry;
}

/** Opens an entry that was found under `key`. The Block's bytes lie in `entry`. */
export function openEntry(entry: Buffer, key: string, seal: Seal): Opened {
  if (entry.length < BYTES) return { kind: 'bad', reason: 'truncated' };
  const isSealed = timingSafeEqual(entry.subarray(HMAC.at, HMAC.at + HMAC.width), sealOf(entry, seal));
  const isKeyed = entry.toString('hex', KEY.at, KEY.at + KEY.width) === key;
  if (!isSealed || !isKeyed || !entry.subarray(0, MAGIC.length).equals(MAGIC))
    return { kind: 'bad', reason: 'not ours' };
  const unpaddedSize = Number(entry.readBigUInt64LE(UNPADDED_SIZE.at));
  const uncompressedSize = Number(entry.readBigUInt64LE(UNCOMPRESSED_SIZE.at));
  const bytes = entry.subarray(BYTES);
  if (bytes.length !== roundUp4(unpaddedSize)) return { kind: 'bad', reason: 'truncated' };
  const digest = createHash('sha256').update(bytes).digest();
  if (!digest.equals(entry.subarray(DIGEST.at, DIGEST.at + DIGEST.width))) return { kind: 'bad', reason: 'damaged' };
  return { kind: 'block', block: { bytes, unpaddedSize, uncompressedSize } };
}

function sealOf(entry: Buffer, seal: Seal): Buffer {
  if (seal.kind === 'open') return Buffer.alloc(HMAC.width);
  return createHmac('sha256', seal.secret).update(entry.subarray(0, HMAC.at)).digest();
}
