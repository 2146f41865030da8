import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { liblzma } from '../../src/lzma/liblzma.js';
import { presetOptions } from '../../src/lzma/presets.js';
import type { CheckKind, EncodingSettings } from '../../src/model/settings.js';
import { isBlockOf as isBlockOfTimed } from '../../src/pool/confirmBlock.js';
import { Stopwatch } from '../../src/pool/stopwatch.js';
import { assembleBlock, type EncodedBlock } from '../../src/xz/block.js';
import { CHECKS } from '../../src/xz/check.js';
import { noise } from '../support/kernelTree.js';

const isBlockOf = (bytes: Uint8Array, encoding: EncodingSettings, block: EncodedBlock): boolean =>
  isBlockOfTimed(bytes, encoding, block, new Stopwatch());

const BYTES = Buffer.from(`#define A "${noise(3000, 1)}"\n`.repeat(40));
const OTHERS = Buffer.from(BYTES).fill('x', 70_000, 70_001);

function encoding(check: CheckKind = 'crc64', preset = 6): EncodingSettings {
  return { codec: liblzma.id, lzma2: { ...presetOptions(preset, false), dictionarySize: 2 ** 20 }, check };
}

function blockOf(bytes: Buffer, { lzma2, check }: EncodingSettings): EncodedBlock {
  return assembleBlock({
    lzma2: liblzma.encode(bytes, lzma2),
    dictionarySize: lzma2.dictionarySize,
    uncompressedSize: bytes.length,
    check: CHECKS[check],
    checkValue: CHECKS[check].compute(bytes),
  });
}

describe('a Block that another machine made', () => {
  it('is confirmed when it is the one that we would make, or another encoding of the same bytes', () => {
    for (const check of ['none', 'crc32', 'crc64', 'sha256'] as const) {
      for (const bytes of [BYTES, Buffer.alloc(9000), Buffer.alloc(1)]) {
        assert.ok(isBlockOf(bytes, encoding(check), blockOf(bytes, encoding(check))));
        assert.ok(isBlockOf(bytes, encoding(check), blockOf(bytes, encoding(check, 1))));
      }
    }
  });

  it('is refused when it holds other bytes, fewer or more, whatever its Check says', () => {
    const settings = encoding();
    const honest = blockOf(OTHERS, settings);
    assert.ok(!isBlockOf(BYTES, settings, honest));
    // Other bytes under the Check of these.
    const lying = Buffer.from(honest.bytes);
    lying.set(CHECKS.crc64.compute(BYTES), lying.length - CHECKS.crc64.size);
    assert.ok(!isBlockOf(BYTES, settings, { ...honest, bytes: lying }));
    for (const length of [1, BYTES.length - 1]) {
      const shorter = blockOf(BYTES.subarray(0, length), settings);
      assert.ok(!isBlockOf(BYTES, settings, shorter));
      assert.ok(!isBlockOf(BYTES.subarray(0, length), settings, blockOf(BYTES, settings)));
      assert.ok(!isBlockOf(BYTES, settings, { ...shorter, uncompressedSize: BYTES.length }));
    }
  });

  it('is refused when it was made for another Check or dictionary', () => {
    const block = blockOf(BYTES, encoding('crc32'));
    assert.ok(!isBlockOf(BYTES, encoding('crc64'), block));
    assert.ok(!isBlockOf(BYTES, encoding('none'), block));
    const settings = encoding('crc32');
    assert.ok(!isBlockOf(BYTES, { ...settings, lzma2: { ...settings.lzma2, dictionarySize: 2 ** 21 } }, block));
  });

  it('is refused when one of its bytes is another, is missing, or is one too many', () => {
    const bytes = BYTES.subarray(0, 4000);
    const block = blockOf(bytes, encoding());
    for (let at = 0; at < block.bytes.length; at++) {
      const changed = Buffer.from(block.bytes);
      changed[at] = (changed[at] ?? 0) ^ 0x41;
      assert.ok(!isBlockOf(bytes, encoding(), { ...block, bytes: changed }), `byte ${at}`);
    }
    for (let length = 0; length < block.bytes.length; length += 7) {
      assert.ok(!isBlockOf(bytes, encoding(), { ...block, bytes: block.bytes.subarray(0, length) }));
    }
    for (const unpaddedSize of [0, 1, 12, block.unpaddedSize - 1, block.unpaddedSize + 1, 2 ** 50]) {
      assert.ok(!isBlockOf(bytes, encoding(), { ...block, unpaddedSize }));
    }
    const longer = Buffer.concat([block.bytes, Buffer.alloc(4)]);
    assert.ok(!isBlockOf(bytes, encoding(), { ...block, bytes: longer }));
  });
});
