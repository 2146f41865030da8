import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { it } from 'node:test';
import { UNLESS_WITHOUT_SIMD, unlessTooFewAddresses } from '../support/tools.js';

const ADDRESSES_KIB = 3_000_000;

/** Prints whether there was a WebAssembly memory to be had, and CRC64 values of data of all lengths that take another path. */
const SCRIPT = `
  import { Crc64 } from ${JSON.stringify(new URL('../../src/xz/crc64.js', import.meta.url).href)};
  let hasMemory = true;
  try { new WebAssembly.Memory({ initial: 1, maximum: 1 }); } catch { hasMemory = false; }
  const data = Uint8Array.from({ length: 200_000 }, (_, i) => Math.imul(i, 2_654_435_761) >>> 24);
  const values = [0, 1, 7, 8, 9, 4096, 9408, 9416, 65_535, 65_536, 65_537, 131_080, 200_000].map(length => {
    const crc = new Crc64(null);
    crc.update(data.subarray(0, length));
    return Buffer.from(crc.value()).toString('hex');
  });
  console.log(JSON.stringify({ hasMemory, values }));`;

/** The same in a process that may have so many KiB of addresses, or as many as it likes, and with options of Node's. */
function values(addresses: string, options: readonly string[] = []): { hasMemory: boolean; values: readonly string[] } {
  const command = 'ulimit -v $1; shift; exec "$@"';
  const node = [process.execPath, ...options, '--input-type=module', '-e', SCRIPT];
  const { stdout, stderr } = spawnSync('sh', ['-c', command, 'sh', addresses, ...node], { encoding: 'utf8' });
  assert.equal(stderr, '');
  return JSON.parse(stdout);
}

it('CRC64 is the same where no WebAssembly memory can be had', { skip: unlessTooFewAddresses(ADDRESSES_KIB) }, () => {
  const [usual, little] = [values('unlimited'), values(String(ADDRESSES_KIB))];
  assert.deepEqual([usual.hasMemory, little.hasMemory], [true, false]);
  assert.deepEqual(little.values, usual.values);
});

it('CRC64 is the same where WebAssembly has no SIMD', { skip: UNLESS_WITHOUT_SIMD }, () => {
  assert.deepEqual(values('unlimited', ['--no-enable-sse4-1']), values('unlimited'));
});
