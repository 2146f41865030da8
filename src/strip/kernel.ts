/**
 * The stripping of the kernel's own `kernel/gen_kheaders.sh`, byte for byte: on each whole file,
 *
 *     perl -pi -e 'BEGIN {undef $/;}; s/\/\*((?!SPDX).)*?\*\///smg;'
 *
 * The substitution knows no literals, no directives and no line comments, so it changes what a compiler sees on some
 * real headers; `comments.ts` does not. Read as rules: at every slash-star, the body runs to the first star-slash that
 * starts at or after its end. When the body holds the letters SPDX, or there is no star-slash, this is no comment and
 * the search goes on one byte further; otherwise everything from the slash-star to the star-slash goes.
 *
 * Both landmarks are looked up once per place, not once per slash-star, so the time is linear in the input.
 */

const STAR_SLASH_BYTES = 2;
const SLASH_STAR_BYTES = 2;

/** A `Stripper` (see `strip.ts`): the source without the comments that gen_kheaders.sh removes. */
export function stripKernel(source: Uint8Array, out: Uint8Array): Uint8Array {
  const bytes = Buffer.from(source.buffer, source.byteOffset, source.byteLength);
  let open = bytes.indexOf('/*');
  let written = 0;
  let copied = 0;
  let close = -1;
  let spdx = -1;
  while (open >= 0) {
    const body = open + SLASH_STAR_BYTES;
    if (close < body) close = bytes.indexOf('*/', body);
    if (close < 0) break;
    if (spdx < body) spdx = positionOrEnd(bytes.indexOf('SPDX', body), source.length);
    if (spdx < close) {
      open = bytes.indexOf('/*', open + 1);
      continue;
    }
    out.set(source.subarray(copied, open), written);
    written += open - copied;
    copied = close + STAR_SLASH_BYTES;
    open = bytes.indexOf('/*', copied);
  }
  out.set(source.subarray(copied), written);
  return out.subarray(0, written + source.length - copied);
}

function positionOrEnd(position: number, end: number): number {
  return position < 0 ? end : position;
}
