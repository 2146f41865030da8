/**
 * A slice as LZMA2 chunks. A slice's first LZMA chunk sets the properties and resets the state, so that it needs
 * nothing of the slice before; all earlier bytes of the Block are its window.
 */
import { makeBitPrices } from './bitPrices';
import { text } from './block';
import { startCandidates } from './candidates';
import { renewAfter } from './effort';
import { resetState, setProperties } from './model';
import { parse } from './parser';
import { renewPrices } from './priceTables';
import { codedEnd, finishCoder, startCoder } from './rangeCoder';
import { symbolAt } from './steps';
import { encodeSymbol } from './symbols';

// LZMA2 chunks: control byte, sizes, perhaps properties, then the range coder's bytes or the bytes themselves.
const STORED_RESET_DICTIONARY: u32 = 0x01;
const STORED: u32 = 0x02;
const STORED_HEADER_SIZE: u32 = 3;
const STORED_MAX: u32 = 1 << 16;
const LZMA: u32 = 0x80;
const LZMA_HEADER_SIZE: u32 = 5;
const RESET_SHIFT = 5;
const RESET_NOTHING: u32 = 0;
const RESET_STATE: u32 = 1;
const RESET_STATE_SET_PROPERTIES: u32 = 2;
const RESET_DICTIONARY: u32 = 3;
const CODED_MAX: u32 = 1 << 16;
const CHUNK_MAX: u32 = (1 << 21) - 273;
/** More than any symbol can take. */
const SYMBOL_CODED_MAX: u32 = 64;

/** Encodes the bytes from `start` to `end` at `out`. Returns where the chunks end. */
export function encodeSlice(start: u32, end: u32, out: usize, lc: u32, lp: u32, pb: u32, dictionarySize: u32): usize {
  makeBitPrices();
  setProperties(lc, lp, pb);
  startCandidates(start, dictionarySize);
  let reset = start === 0 ? RESET_DICTIONARY : RESET_STATE_SET_PROPERTIES;
  let isFirst = start === 0;
  let hasProperties = false;
  let position = start;
  // Symbols that are parsed and not yet encoded, and those encoded since the prices were renewed.
  let waiting: u32 = 0;
  let sinceRenewal: u32 = 0;
  while (position < end) {
    const chunkStart = position;
    const data = out + LZMA_HEADER_SIZE + (hasProperties ? 0 : 1);
    if (reset !== RESET_NOTHING) {
      resetState();
      waiting = 0;
      sinceRenewal = renewAfter;
    }
    startCoder(data);
    while (position < end && position - chunkStart < CHUNK_MAX && codedEnd() - data < CODED_MAX - SYMBOL_CODED_MAX) {
      if (waiting === 0) {
        if (sinceRenewal >= renewAfter) {
          renewPrices();
          sinceRenewal = 0;
        }
        waiting = parse(position, end);
        sinceRenewal += waiting;
      }
      const symbol = symbolAt(--waiting);
      const length = load<u32>(symbol);
      encodeSymbol(position, length, load<u32>(symbol, 4));
      position += length;
    }
    const coded = <u32>(finishCoder() - data);
    const size = position - chunkStart;
    if (size <= STORED_MAX && coded + LZMA_HEADER_SIZE >= size + STORED_HEADER_SIZE) {
      putSize(out, isFirst ? STORED_RESET_DICTIONARY : STORED, size - 1);
      memory.copy(out + STORED_HEADER_SIZE, text + chunkStart, size);
      out += STORED_HEADER_SIZE + size;
      reset = hasProperties ? RESET_STATE : RESET_STATE_SET_PROPERTIES;
    } else {
      putSize(out, LZMA | (reset << RESET_SHIFT) | ((size - 1) >> 16), size - 1);
      store<u8>(out + 3, (coded - 1) >> 8);
      store<u8>(out + 4, coded - 1);
      if (!hasProperties) store<u8>(out + 5, (pb * 5 + lp) * 9 + lc);
      hasProperties = true;
      out = data + coded;
      reset = RESET_NOTHING;
    }
    isFirst = false;
  }
  return out;
}

/** The control byte and the lower 16 bits of a size less one. */
function putSize(out: usize, control: u32, sizeLess1: u32): void {
  store<u8>(out, control);
  store<u8>(out + 1, sizeLess1 >> 8);
  store<u8>(out + 2, sizeLess1);
}
