/**
 * CRC64 (.xz specification, section 6: ECMA-182, reflected), eight bytes a step.
 *
 * A 64-bit value is two 32-bit halves here, because BigInt is some fifty times slower. The tables follow from the
 * polynomial; table k holds the effect of a byte that is k bytes ahead of the end of the step.
 */
const POLY_LOW = 0xd7870f42;
const POLY_HIGH = 0xc96c5795;
const SLICES = 8;

const LOW = new Int32Array(SLICES * 256);
const HIGH = new Int32Array(SLICES * 256);

for (let byte = 0; byte < 256; byte++) {
  let low = byte;
  let high = 0;
  for (let bit = 0; bit < 8; bit++) {
    const carry = low & 1;
    low = (low >>> 1) | (high << 31);
    high >>>= 1;
    if (carry === 1) {
      low ^= POLY_LOW;
      high ^= POLY_HIGH;
    }
  }
  LOW[byte] = low;
  HIGH[byte] = high;
}
for (let i = 256; i < SLICES * 256; i++) {
  const low = LOW[i - 256] as number;
  const high = HIGH[i - 256] as number;
  LOW[i] = ((low >>> 8) | (high << 24)) ^ (LOW[low & 0xff] as number);
  HIGH[i] = (high >>> 8) ^ (HIGH[low & 0xff] as number);
}

/** The CRC64 of data that come in pieces. */
export class Crc64 {
  #low = -1;
  #high = -1;

  update(data: Uint8Array): void {
    let low = this.#low;
    let high = this.#high;
    const end = data.length - (data.length % SLICES);
    let i = 0;
    for (; i < end; i += SLICES) {
      const a = low ^ word(data, i);
      const b = high ^ word(data, i + 4);
      const t0 = 1792 + (a & 0xff);
      const t1 = 1536 + ((a >>> 8) & 0xff);
      const t2 = 1280 + ((a >>> 16) & 0xff);
      const t3 = 1024 + (a >>> 24);
      const t4 = 768 + (b & 0xff);
      const t5 = 512 + ((b >>> 8) & 0xff);
      const t6 = 256 + ((b >>> 16) & 0xff);
      const t7 = b >>> 24;
      low = xor8(LOW, t0, t1, t2, t3, t4, t5, t6, t7);
      high = xor8(HIGH, t0, t1, t2, t3, t4, t5, t6, t7);
    }
    for (; i < data.length; i++) {
      const t = (low ^ (data[i] as number)) & 0xff;
      low = ((low >>> 8) | (high << 24)) ^ (LOW[t] as number);
      high = (high >>> 8) ^ (HIGH[t] as number);
    }
    this.#low = low;
    this.#high = high;
  }

  /** Its eight bytes, least significant first, as a Check field stores them. */
  value(): Uint8Array {
    const out = new Uint8Array(8);
    const view = new DataView(out.buffer);
    view.setInt32(0, ~this.#low, true);
    view.setInt32(4, ~this.#high, true);
    return out;
  }
}

function word(data: Uint8Array, i: number): number {
  return (
    (data[i] as number) |
    ((data[i + 1] as number) << 8) |
    ((data[i + 2] as number) << 16) |
    ((data[i + 3] as number) << 24)
  );
}

function xor8(
  table: Int32Array,
  a: number,
  b: number,
  c: number,
  d: number,
  e: number,
  f: number,
  g: number,
  h: number,
): number {
  return (
    (table[a] as number) ^
    (table[b] as number) ^
    (table[c] as number) ^
    (table[d] as number) ^
    (table[e] as number) ^
    (table[f] as number) ^
    (table[g] as number) ^
    (table[h] as number)
  );
}
