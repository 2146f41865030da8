import { type BlockRecord, roundUp4 } from './block.js';
import { crc32Field } from './check.js';
import { encodeVli } from './vli.js';

/** The Index (.xz specification, section 4): a Record for each Block, in order. */
const INDEX_INDICATOR = 0x00;
const CRC_SIZE = 4;

export function encodeIndex(records: readonly BlockRecord[]): Uint8Array {
  const fields: number[] = [INDEX_INDICATOR];
  encodeVli(records.length, fields);
  for (const record of records) {
    encodeVli(record.unpaddedSize, fields);
    encodeVli(record.uncompressedSize, fields);
  }
  const padded = roundUp4(fields.length);
  const out = new Uint8Array(padded + CRC_SIZE);
  out.set(fields, 0);
  out.set(crc32Field(out.subarray(0, padded)), padded);
  return out;
}
