import type { BlockRecord, EncodedBlock } from './block.js';
import { CHECKS, type CheckName } from './check.js';
import { encodeIndex } from './indexField.js';
import { encodeStreamFooter, encodeStreamHeader } from './streamHeader.js';

/** One Stream (.xz specification, section 2.1): Stream Header, the Blocks as they come, Index, Stream Footer. */
export async function* encodeStream(
  blocks: AsyncIterable<EncodedBlock>,
  checkName: CheckName,
): AsyncGenerator<Uint8Array, void, undefined> {
  const check = CHECKS[checkName];
  const records: BlockRecord[] = [];
  yield encodeStreamHeader(check);
  for await (const block of blocks) {
    records.push({ unpaddedSize: block.unpaddedSize, uncompressedSize: block.uncompressedSize });
    yield block.bytes;
  }
  const index = encodeIndex(records);
  yield index;
  yield encodeStreamFooter(check, index.length);
}
