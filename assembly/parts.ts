/** Parts of the encoder that tests look at on their own; nothing of this is in what is shipped. */
import { openBlock } from './block';

export { makeBitPrices, priceOfBit, priceOfReverseTree, priceOfTree } from './bitPrices';
export { matchesAt } from './block';
export { distanceSlot, resetState, setProperties, slotStart } from './model';
export { distancePrice, literalPrice, matchedLiteralPrice, renewPrices } from './priceTables';
export { encodeDirect, encodeReverseTree, encodeTree, finishCoder, startCoder } from './rangeCoder';

/** A scratch without a Block. */
export function useScratch(scratch: usize): void {
  openBlock(0, 0, 0, 0, 0, scratch);
}
