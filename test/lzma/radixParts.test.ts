import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { describe, it } from 'node:test';
import { xorshift } from '../bytes/xorshift.js';

/** What `assembly/parts.ts` exports. */
interface Parts {
  useScratch(scratch: number): void;
  startCoder(at: number): void;
  finishCoder(): number;
  encodeTree(probabilities: number, bits: number, value: number): void;
  encodeReverseTree(probabilities: number, bits: number, value: number): void;
  encodeDirect(bits: number, value: number): void;
  makeBitPrices(): void;
  priceOfBit(probability: number, bit: number): number;
  priceOfTree(probabilities: number, bits: number, value: number): number;
  priceOfReverseTree(probabilities: number, bits: number, value: number): number;
  setProperties(lc: number, lp: number, pb: number): void;
  resetState(): void;
  renewPrices(): void;
  distancePrice(distance: number, lengthState: number): number;
  matchedLiteralPrice(probabilities: number, byte: number, match: number): number;
  literalPrice(probabilities: number, byte: number): number;
}

const memory = new WebAssembly.Memory({ initial: 400, maximum: 400, shared: true });
const module = new WebAssembly.Module(readFileSync(new URL('./radixParts.wasm', import.meta.url)));
const parts = new WebAssembly.Instance(module, { env: { memory, abort: () => assert.fail() } }).exports as Parts;
const SCRATCH = 4096;
const TREE = 20 * 2 ** 20;
const OUT = TREE + 65_536;
const BIT = 64;
parts.useScratch(SCRATCH);
parts.makeBitPrices();

/** The probabilities of a tree, all even. */
function freshTree(): Uint16Array {
  return new Uint16Array(memory.buffer, TREE, 512).fill(1024);
}

/** LZMA's range decoder, as the format's description has it. */
class Decoder {
  #at = 5;
  #range = 0xffffffff;
  #code: number;
  readonly bytes: Uint8Array;

  constructor(bytes: Uint8Array) {
    this.bytes = bytes;
    assert.equal(bytes[0], 0, 'the first byte is always 0');
    this.#code = new DataView(Uint8Array.from(bytes).buffer).getUint32(1);
  }

  bit(probabilities: Uint16Array, index: number): number {
    const probability = probabilities[index] ?? 0;
    const bound = (this.#range >>> 11) * probability;
    const isOne = this.#code >= bound;
    probabilities[index] = isOne ? probability - (probability >> 5) : probability + ((2048 - probability) >> 5);
    this.#code -= isOne ? bound : 0;
    this.#normalise(isOne ? this.#range - bound : bound);
    return isOne ? 1 : 0;
  }

  direct(): number {
    const half = this.#range >>> 1;
    const isOne = this.#code >= half;
    this.#code -= isOne ? half : 0;
    this.#normalise(half);
    return isOne ? 1 : 0;
  }

  #normalise(range: number): void {
    this.#range = range;
    if (range >= 2 ** 24) return;
    this.#range = range * 256;
    this.#code = this.#code * 256 + (this.bytes[this.#at++] ?? 0);
  }

  get taken(): number {
    return this.#at;
  }
}

describe('the range coder', () => {
  for (const [title, skew] of [
    ['even bits', 2],
    ['bits that are nearly always 0', 400],
    ['ones alone', 1],
  ] as const) {
    it(`gives trees, reverse trees and direct bits back: ${title}`, () => {
      const next = xorshift(skew);
      const bitOf = (): number => (next() % skew === 0 ? 1 : 0);
      const values = Array.from({ length: 20_000 }, (_, i) => ({
        kind: i % 3,
        value: Array.from({ length: 6 }, bitOf).reduce((value, bit) => 2 * value + bit, 0),
      }));
      freshTree();
      parts.startCoder(OUT);
      for (const { kind, value } of values) {
        if (kind === 0) parts.encodeTree(TREE, 6, value);
        else if (kind === 1) parts.encodeReverseTree(TREE + 512, 6, value);
        else parts.encodeDirect(6, value);
      }
      const end = parts.finishCoder();
      const decoder = new Decoder(new Uint8Array(memory.buffer, OUT, end - OUT));
      const tree = new Uint16Array(512).fill(1024);
      const reverse = new Uint16Array(512).fill(1024);
      for (const [i, { kind, value }] of values.entries()) {
        let read = 0;
        let node = 1;
        for (let k = 0; k < 6; k++) {
          const bit = kind === 2 ? decoder.direct() : decoder.bit(kind === 0 ? tree : reverse, node);
          node = 2 * node + bit;
          read = kind === 1 ? read | (bit << k) : 2 * read + bit;
        }
        assert.equal(read, value, `value ${i}`);
      }
      assert.ok(decoder.taken <= end - OUT, 'reads nothing behind the end');
    });
  }
});

describe('prices', () => {
  it('of a bit are -log2 of its probability, to 1/32 bit where it is not rare', () => {
    const tree = freshTree();
    for (let probability = 31; probability <= 2017; probability++) {
      tree[1] = probability;
      const exact = [-Math.log2(probability / 2048), -Math.log2(1 - probability / 2048)];
      for (const bit of [0, 1]) {
        const price = parts.priceOfBit(TREE + 2, bit) / BIT;
        const expected = exact[bit] ?? 0;
        assert.ok(
          Math.abs(price - expected) <= 1 / 32 + 4 / Math.min(probability, 2048 - probability) / Math.LN2,
          `${probability}`,
        );
      }
    }
  });

  it('of a tree are the sums of its bits, in both directions', () => {
    const tree = freshTree();
    const next = xorshift(3);
    for (let i = 0; i < 256; i++) tree[i] = 31 + (next() % 1986);
    for (let value = 0; value < 256; value++) {
      let node = 1;
      let reverseNode = 1;
      let forwards = 0;
      let backwards = 0;
      for (let k = 0; k < 8; k++) {
        const upper = (value >> (7 - k)) & 1;
        const lower = (value >> k) & 1;
        forwards += parts.priceOfBit(TREE + 2 * node, upper);
        backwards += parts.priceOfBit(TREE + 2 * reverseNode, lower);
        node = 2 * node + upper;
        reverseNode = 2 * reverseNode + lower;
      }
      assert.equal(parts.priceOfTree(TREE, 8, value), forwards);
      assert.equal(parts.priceOfReverseTree(TREE, 8, value), backwards);
    }
  });

  it('of distances after a reset are six bits for the slot and one for each bit that it leaves open', () => {
    parts.setProperties(4, 0, 0);
    parts.resetState();
    parts.renewPrices();
    for (const distance of [0, 1, 3, 4, 7, 64, 127, 128, 1000, 2 ** 16, 2 ** 20 + 12_345, 2 ** 26 - 1]) {
      const open = distance < 4 ? 0 : Math.floor(Math.log2(distance)) - 1;
      for (let lengthState = 0; lengthState < 4; lengthState++) {
        const price = parts.distancePrice(distance, lengthState);
        assert.ok(Math.abs(price - (6 + open) * BIT) <= 6 + open, `${distance}: ${price}`);
      }
    }
  });

  it('of a matched literal that is the match are those of the bits beside it, and else of both', () => {
    const tree = new Uint16Array(memory.buffer, TREE, 0x300).fill(1024);
    const next = xorshift(4);
    for (let i = 0; i < 0x300; i++) tree[i] = 31 + (next() % 1986);
    for (let byte = 0; byte < 256; byte += 5) {
      for (const match of [byte, byte ^ 1, byte ^ 0x80, 0, 255]) {
        let expected = 0;
        let node = 1;
        let agrees = true;
        for (let k = 7; k >= 0; k--) {
          const bit = (byte >> k) & 1;
          const matchBit = (match >> k) & 1;
          const index = agrees ? 0x100 * (1 + matchBit) + node : node;
          expected += parts.priceOfBit(TREE + 2 * index, bit);
          agrees &&= bit === matchBit;
          node = 2 * node + bit;
        }
        assert.equal(parts.matchedLiteralPrice(TREE, byte, match), expected, `${byte} ${match}`);
      }
    }
  });
});
