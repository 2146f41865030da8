import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { BytesInMemory } from '../../src/archive/reading/archiveFile.js';
import { isElf, symbolOffsets } from '../../src/image/elf.js';
import { buildElf, type ElfShape } from './buildElf.js';

const RODATA = Buffer.from('..................start-of-it...end-of-it');
const SYMBOLS = [
  { name: 'the_kernel_headers_data', at: 1 },
  { name: 'kernel_headers_data', at: 18 },
  { name: 'kernel_headers_data_end', at: 32 },
];
/** Where kernels for x86 lie, and one that does not fit 53 bits by itself. */
const ADDRESSES = { 32: 0xc100_0000n, 64: 0xffff_ffff_8100_0000n } as const;

const shapes: ElfShape[] = ([32, 64] as const).flatMap(bits =>
  [true, false].flatMap(isLittle =>
    [true, false].map(isRelocatable => ({ bits, isLittle, isRelocatable, address: ADDRESSES[bits] })),
  ),
);

const find = (file: Buffer, ...names: string[]): Promise<(number | null)[]> =>
  symbolOffsets(new BytesInMemory('an ELF file', file), names);

describe('the offset of a symbol is found', () => {
  for (const shape of shapes) {
    const { bits, isLittle, isRelocatable } = shape;
    it(`in ${bits} bits, ${isLittle ? 'little' : 'big'}-endian, ${isRelocatable ? 'relocatable' : 'executable'}`, async () => {
      const { file, at } = buildElf(shape, RODATA, SYMBOLS);
      assert.ok(isElf(file));
      const found = await find(file, 'kernel_headers_data', 'none', 'kernel_headers_data_end');
      assert.deepEqual(found, [at + 18, null, at + 32]);
      assert.equal(file.toString('latin1', found[0] ?? 0, (found[0] ?? 0) + 5), 'start');
    });
  }

  it('when its name is the end of another in the string table', async () => {
    const [shape] = shapes;
    assert.ok(shape !== undefined);
    const { file, at } = buildElf(shape, RODATA, [{ name: 'the_kernel_headers_data', at: 1 }]);
    // As a linker merges tails: the second symbol's name begins inside the first one's.
    const table = file.indexOf('\0the_kernel');
    const merged = Buffer.from(file);
    merged.writeUInt32LE(1 + 'the_'.length, merged.indexOf(Buffer.from([1, 0, 0, 0, 1, 0, 0, 0]), at));
    assert.ok(table > 0);
    assert.deepEqual(await find(merged, 'kernel_headers_data'), [at + 1]);
  });
});

describe('a file whose tables make no sense has no symbols, and is no trouble:', () => {
  it('empty, short, and no ELF file at all', async () => {
    for (const file of [Buffer.alloc(0), Buffer.from('\x7fELF', 'latin1'), Buffer.alloc(4096, 'x')]) {
      assert.deepEqual(await find(file, 'kernel_headers_data'), [null]);
    }
  });

  it('with any of its bytes changed, or cut off', async () => {
    const whole = buildElf(shapes[4] ?? assert.fail(), RODATA, SYMBOLS).file;
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.tuple(fc.nat(whole.length - 1), fc.nat(255)), { maxLength: 4 }),
        fc.nat(whole.length),
        async (changes, length) => {
          const file = Buffer.from(whole);
          for (const [at, byte] of changes) file[at] = byte;
          const [found] = await find(file.subarray(0, length), 'kernel_headers_data');
          assert.ok(found === null || typeof found === 'number');
        },
      ),
      { numRuns: 500 },
    );
  });
});
