/** Variable-length integers (.xz specification, section 1.2): seven bits a byte, least significant first. */

/** The longest encoding in bytes: 63 bits. */
export const VLI_BYTES_MAX = 9;

/**
 * Appends `value` to `out`.
 *
 * @throws RangeError when `value` is negative, no integer, or beyond 2^53 - 1 (our limit; the specification's is 2^63 - 1)
 */
export function encodeVli(value: number, out: number[]): void {
  if (!Number.isSafeInteger(value) || value < 0) throw new RangeError(`Not a variable-length integer: ${value}`);
  let rest = value;
  while (rest >= 0x80) {
    out.push((rest % 0x80) | 0x80);
    rest = Math.floor(rest / 0x80);
  }
  out.push(rest);
}

/** A variable-length integer as it was read. */
export interface Vli {
  /** Exact up to 2^53 - 1, and rounded to 53 bits above it. */
  readonly value: number;
  /** Bytes of its encoding, 1 to 9. */
  readonly size: number;
}

/** Why there is no integer: `cut` where the bytes end inside it, `long` where its encoding is not the shortest, or over nine bytes. */
export type VliFault = 'cut' | 'long';

/** Reads the integer at `at`, which has to end before `end`. */
export function decodeVli(bytes: Uint8Array, at: number, end: number): Vli | VliFault {
  let value = 0;
  let unit = 1;
  for (let size = 1; size <= VLI_BYTES_MAX; size++) {
    const byte = at + size <= end ? bytes[at + size - 1] : undefined;
    if (byte === undefined) return 'cut';
    value += (byte & 0x7f) * unit;
    // A null byte at the end adds nothing to the value.
    if (byte < 0x80) return byte === 0 && size > 1 ? 'long' : { value, size };
    unit *= 0x80;
  }
  return 'long';
}
