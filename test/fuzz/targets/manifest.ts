import assert from 'node:assert/strict';
import { parseManifest } from '../../../src/archive/manifest/parse.js';
import { canonicalJson } from '../../../src/bytes/canonicalJson.js';
import { VALID_MANIFEST } from '../../support/validManifest.js';
import type { Random } from '../random.js';
import { isRead, PLAIN, type Target } from '../target.js';

/** A manifest that is read says the same when it is written and read again. */
function check(input: Buffer): Promise<boolean> {
  return isRead(['E_MANIFEST'], () => {
    const manifest = parseManifest(input.toString('utf8'), 'fuzz.json');
    const again = parseManifest(canonicalJson(manifest), 'fuzz.json');
    assert.deepEqual(again, manifest);
    assert.equal(Object.getPrototypeOf(manifest), Object.prototype);
  });
}

const VALUES: readonly unknown[] = [
  ...[null, true, false, '', [], {}, 0, -1, 0.5, 1e300, 2 ** 53, 512, 4096],
  ...['./', './a.h', 'a\0b', '\ud800', '__proto__', 'Li//Lmg=', '0'.repeat(64), 'hardlink', 'symlink', 'directory'],
];

/** Where the text is still JSON: a value moved, doubled, taken out, replaced or put under another's name. Else it stays as it is. */
function mend(input: Buffer, random: Random): Buffer {
  if (random.once(8)) return input;
  const whole = parsed(input) ?? copied(VALID_MANIFEST);
  for (let left = 1 + random.small(3); left > 0; left--) {
    const places = placesIn(whole);
    if (places.length === 0) break;
    const { holder, key } = random.pick(places);
    const value = random.once(2) ? random.pick(VALUES) : copied(valueAt(random.pick(places)));
    if (random.once(4) && Array.isArray(holder)) holder.push(value);
    else if (random.once(8)) delete holder[key as never];
    else if (random.once(4)) holder[random.pick(places).key as never] = value as never;
    else holder[key as never] = value as never;
  }
  return Buffer.from(JSON.stringify(whole));
}

function copied(value: unknown): unknown {
  return JSON.parse(JSON.stringify(value));
}

interface ValuePlace {
  readonly holder: unknown[] | Record<string, unknown>;
  readonly key: string;
}

function valueAt({ holder, key }: ValuePlace): unknown {
  return holder[key as never];
}

function placesIn(value: unknown): ValuePlace[] {
  if (typeof value !== 'object' || value === null) return [];
  const holder = value as ValuePlace['holder'];
  return Object.entries(value).flatMap(([key, inner]) => [{ holder, key }, ...placesIn(inner)]);
}

function parsed(input: Buffer): unknown {
  try {
    return JSON.parse(input.toString('utf8'));
  } catch {
    return undefined;
  }
}

const { blocks, settings } = VALID_MANIFEST;
const SEEDS: readonly object[] = [
  VALID_MANIFEST,
  { ...VALID_MANIFEST, settings: { ...settings, kernels: ['a', 'b'].map(name => ({ name, srcarch: 'x86' })) } },
  // A Block over the block size, which only the last may be.
  {
    ...VALID_MANIFEST,
    settings: { ...settings, blockSize: 4096 },
    blocks: [{ ...blocks[0], uncompressedSize: 5120 }, blocks[1]],
  },
];

export const manifest: Target = {
  ...PLAIN,
  seeds: SEEDS.map(seed => Buffer.from(JSON.stringify(seed))),
  dictionary: ['null', '[]', '{}', '-1', '1e999', '"\\ud800"', '{"__proto__":1}', '"pathBase64":"Li//Lmg=",'].map(
    text => Buffer.from(text),
  ),
  mend,
  check,
};
