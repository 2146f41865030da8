/**
 * The decoder: LZMA2 chunks into the bytes of a Block, which lie in one piece and so are the dictionary too. Whoever calls
 * has seen that the chunks are whole and in an order that is allowed (`src/lzma/chunk.ts`), and that there is room.
 */
import { decodeSymbols, PROBABILITIES_SIZE, resetState, setProperties, useProbabilities } from './symbolDecoder';

/**
 * Where the probabilities are, and behind them room for the caller's. Below, from `memoryBase` on (`asconfig.json`), is the
 * module's own table, and below that 32 KiB that are another's (`src/xz/crc64.ts`).
 */
const PROBABILITIES_AT: usize = 36864;
export const roomAt: u32 = <u32>((PROBABILITIES_AT + PROBABILITIES_SIZE + 63) & ~63);
/** Bytes behind the chunks that may be read, and behind the Block that may be written. */
export const padding: u32 = 64;

const END_MARKER: u32 = 0x00;
const STORED_RESET_DICTIONARY: u32 = 0x01;
const LZMA: u32 = 0x80;
const RESET_STATE: u32 = 0xa0;
const RESET_STATE_SET_PROPERTIES: u32 = 0xc0;
const RESET_DICTIONARY: u32 = 0xe0;
const STORED_HEADER_SIZE: usize = 3;
const LZMA_HEADER_SIZE: usize = 5;
const PROPERTIES_END: u32 = 225;
const LITERAL_BITS_MAX: u32 = 4;

let start: usize = 0;
let at: usize = 0;
let dictionarySize: u32 = 0;

/** Begins a Block whose bytes go to `start_` and behind. */
export function begin(start_: usize, dictionarySize_: u32): void {
  useProbabilities(PROBABILITIES_AT);
  start = start_;
  at = start_;
  dictionarySize = dictionarySize_;
}

/** Decodes the chunks from `input` to `inputEnd`. Returns whether they are good. */
export function decode(input: usize, inputEnd: usize): bool {
  while (input < inputEnd) {
    const control = <u32>load<u8>(input);
    if (control === END_MARKER) break;
    if (control === STORED_RESET_DICTIONARY || control >= RESET_DICTIONARY) start = at;
    if (control < LZMA) {
      const size = <usize>sizeAt(input + 1);
      memory.copy(at, input + STORED_HEADER_SIZE, size);
      input += STORED_HEADER_SIZE + size;
      at += size;
      continue;
    }
    const end = at + <usize>(((control & 0x1f) << 16) + sizeAt(input + 1));
    const coded = <usize>sizeAt(input + 3);
    input += LZMA_HEADER_SIZE;
    if (control >= RESET_STATE_SET_PROPERTIES && !takeProperties(<u32>load<u8>(input++))) return false;
    if (control >= RESET_STATE) resetState();
    if (!decodeSymbols(input, input + coded, at, end, start, dictionarySize)) return false;
    input += coded;
    at = end;
  }
  return true;
}

/** A size as a chunk's header has it: less one, the upper byte first. */
function sizeAt(at: usize): u32 {
  return (((<u32>load<u8>(at)) << 8) | <u32>load<u8>(at + 1)) + 1;
}

function takeProperties(byte: u32): bool {
  const lc = byte % 9;
  const lp = (byte / 9) % 5;
  if (byte >= PROPERTIES_END || lc + lp > LITERAL_BITS_MAX) return false;
  setProperties(lc, lp, byte / 45);
  return true;
}
