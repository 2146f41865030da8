import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { describe, it } from 'node:test';
import { UNLESS_WITHOUT_SIMD, unlessTooFewAddresses } from '../support/tools.js';

const ADDRESSES_KIB = 3_000_000;
const urlOf = (path: string): string => JSON.stringify(new URL(path, import.meta.url).href);

/** Prints whether there is our decoder, and whether a Block's data are decoded, and refused when damaged. */
const SCRIPT = `
  import { takeDecoder } from ${urlOf('../../src/lzma/blockDecoder.js')};
  import { decodeWhole } from ${urlOf('../../src/lzma/decodeWhole.js')};
  import { liblzma } from ${urlOf('../../src/lzma/liblzma.js')};
  import { presetOptions } from ${urlOf('../../src/lzma/presets.js')};
  import { headerText } from ${urlOf('./lzmaSamples.js')};
  const input = headerText(900_000, 1);
  const options = presetOptions(1, false);
  const data = Buffer.concat(liblzma.encode(input, options));
  const chain = [{ kind: 'lzma2', dictionarySize: options.dictionarySize }];
  const place = { path: 'x', offset: 0 };
  const decoder = takeDecoder();
  const slot = decoder && { decoder, index: 1 };
  const output = Buffer.concat([...decodeWhole(chain, data, input.length, place, slot)]);
  data[data.length >> 1] ^= 1;
  let code = null;
  try { [...decodeWhole(chain, data, input.length, place, slot)]; } catch (error) { code = error.code; }
  console.log(JSON.stringify({ isOurs: decoder !== null, isRight: output.equals(input), code }));`;

interface Outcome {
  readonly isOurs: boolean;
  readonly isRight: boolean;
  readonly code: string | null;
}

function outcomeOf(nodeOptions: readonly string[], addresses: string): Outcome {
  const command = 'ulimit -v $1; shift; exec "$@"';
  const node = [process.execPath, ...nodeOptions, '--input-type=module', '-e', SCRIPT];
  const { stdout, stderr } = spawnSync('sh', ['-c', command, 'sh', addresses, ...node], { encoding: 'utf8' });
  assert.ok(stdout !== '', stderr);
  return JSON.parse(stdout);
}

describe('a Block that is there whole', () => {
  it('is decoded by our decoder', () => {
    assert.deepEqual(outcomeOf([], 'unlimited'), { isOurs: true, isRight: true, code: 'E_BAD_XZ' });
  });

  it('is decoded by liblzma where there is no WebAssembly', () => {
    assert.deepEqual(outcomeOf(['--jitless'], 'unlimited'), { isOurs: false, isRight: true, code: 'E_BAD_XZ' });
  });

  it('is decoded by liblzma where WebAssembly has no SIMD', { skip: UNLESS_WITHOUT_SIMD }, () => {
    const outcome = outcomeOf(['--no-enable-sse4-1'], 'unlimited');
    assert.deepEqual(outcome, { isOurs: false, isRight: true, code: 'E_BAD_XZ' });
  });

  it('is decoded by liblzma where no memory can be had', { skip: unlessTooFewAddresses(ADDRESSES_KIB) }, () => {
    assert.deepEqual(outcomeOf([], String(ADDRESSES_KIB)), { isOurs: false, isRight: true, code: 'E_BAD_XZ' });
  });
});
