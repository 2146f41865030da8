import { createHmac, timingSafeEqual } from 'node:crypto';

/**
 * Bytes with the HMAC-SHA-256 before them of what they are, of the name that they are kept under, and of themselves: they
 * pass for nothing else, and who does not know the secret can make none.
 */
const HMAC_SIZE = 32;

/**
 * Seals bytes that come in pieces.
 *
 * @param pieces all of them, each time that they are asked for
 * @returns what `sealOf` will give, and the pieces to be written
 */
export function seal(
  kind: string,
  key: string,
  pieces: () => Iterable<Uint8Array>,
  secret: string | Buffer,
): { readonly id: string; readonly pieces: Iterable<Uint8Array> } {
  const hmac = hmacOf(kind, key, pieces(), secret);
  return { id: sealOf(hmac), pieces: after(hmac, pieces()) };
}

function* after(hmac: Buffer, pieces: Iterable<Uint8Array>): Generator<Uint8Array, void, undefined> {
  yield hmac;
  yield* pieces;
}

/** The HMAC that `seal` put before the bytes, in hexadecimal. */
export function sealOf(sealed: Buffer): string {
  return sealed.toString('hex', 0, HMAC_SIZE);
}

/** The bytes, or null when they are not what was sealed under this name. They lie in `sealed`. */
export function unseal(kind: string, key: string, sealed: Buffer, secret: string | Buffer): Buffer | null {
  if (sealed.length < HMAC_SIZE) return null;
  const bytes = sealed.subarray(HMAC_SIZE);
  return timingSafeEqual(sealed.subarray(0, HMAC_SIZE), hmacOf(kind, key, [bytes], secret)) ? bytes : null;
}

function hmacOf(kind: string, key: string, pieces: Iterable<Uint8Array>, secret: string | Buffer): Buffer {
  const hmac = createHmac('sha256', secret).update(`kheaders-pack ${kind}\0${key}\0`);
  for (const piece of pieces) hmac.update(piece);
  return hmac.digest();
}
