/** The LZMA2 filter's Filter Flags (.xz specification, sections 3.1.3 and 5.3.1). */
export const LZMA2_FILTER_ID = 0x21;

/** The smallest and the largest dictionary size that the property byte can state, in bytes. */
export const DICTIONARY_SIZE_MIN = 4096;
export const DICTIONARY_SIZE_MAX = 1.5 * 2 ** 30;

/** Dictionary sizes are 2^n or 2^n + 2^(n-1): the smallest of them that holds `bytes`. */
export function roundDictionarySize(bytes: number): number {
  for (let code = 0; code <= LAST_CODE; code++) {
    if (sizeOfCode(code) >= bytes) return sizeOfCode(code);
  }
  throw new RangeError(`No LZMA2 dictionary of ${bytes} bytes`);
}

/** The property byte of a dictionary size, rounded up to one that it can state. */
export function dictionarySizeCode(bytes: number): number {
  const size = roundDictionarySize(bytes);
  for (let code = 0; code <= LAST_CODE; code++) {
    if (sizeOfCode(code) === size) return code;
  }
  throw new RangeError(`No LZMA2 dictionary of ${bytes} bytes`);
}

// 1.5 GiB, the largest dictionary that liblzma's encoder takes; codes above it are for readers.
const LAST_CODE = 37;
/** 4 GiB - 1 byte. */
const CODE_MAX = 40;

function sizeOfCode(code: number): number {
  return (2 | (code & 1)) * 2 ** (Math.floor(code / 2) + 11);
}

/** The dictionary size that a property byte states, or null where it has reserved bits or says more than 4 GiB. */
export function dictionarySizeOfCode(code: number): number | null {
  if (code > CODE_MAX) return null;
  return code === CODE_MAX ? 2 ** 32 - 1 : sizeOfCode(code);
}

/** Filter Flags of an LZMA2 filter: ID, size of properties, properties. */
export function encodeLzma2FilterFlags(dictionarySize: number): Uint8Array {
  return Uint8Array.of(LZMA2_FILTER_ID, 1, dictionarySizeCode(dictionarySize));
}
