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
