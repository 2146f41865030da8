import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { canonicalJson } from '../../src/bytes/canonicalJson.js';
import { unless } from '../support/tools.js';

describe('canonical JSON', () => {
  it('is what the examples of RFC 8785, section 3.2, are', () => {
    const numbers = { numbers: [Number('333333333.33333329'), 1e30, 4.5, 2e-3, 0.000000000000000000000000001] };
    const value = {
      ...numbers,
      string: '€$\u000f\nA\'B"\\\\"/',
      literals: [null, true, false],
    };
    assert.equal(
      canonicalJson(value),
      '{"literals":[null,true,false],"numbers":[333333333.3333333,1e+30,4.5,0.002,1e-27],"string":"€$\\u000f\\nA\'B\\"\\\\\\\\\\"/"}',
    );
    const sorted = { '€': 1, '\r': 2, '\ufb33': 3, '1': 4, '\u{1f600}': 5, '\u0080': 6, ö: 7 };
    assert.equal(canonicalJson(sorted), '{"\\r":2,"1":4,"\u0080":6,"ö":7,"€":1,"\u{1f600}":5,"\ufb33":3}');
  });

  it('sorts names that look like numbers as names, and leaves out what is undefined', () => {
    assert.equal(canonicalJson({ b: undefined, 10: 'ten', 9: 'nine', a: [1] }), '{"10":"ten","9":"nine","a":[1]}');
  });

  it('is JSON of the same value, and the same text however the properties were put in', () => {
    fc.assert(
      fc.property(fc.jsonValue(), value => {
        const text = canonicalJson(value);
        assert.deepEqual(JSON.parse(text), JSON.parse(JSON.stringify(value)));
        assert.equal(canonicalJson(reversed(value)), text);
      }),
    );
  });

  it("is what Python's own sorted, compact form is, where names are ASCII and numbers whole", {
    skip: unless('python3'),
  }, () => {
    const value = { z: [{ b: 1, a: 'ä' }, []], A: { '': null }, a: -7, Z: 'x\u0001' };
    const script =
      'import json,sys;print(json.dumps(json.load(sys.stdin),sort_keys=True,separators=(",",":"),ensure_ascii=False),end="")';
    const { stdout } = spawnSync('python3', ['-c', script], { input: JSON.stringify(value) });
    assert.equal(canonicalJson(value), stdout.toString());
  });

  it('has no text for what JSON does not have', () => {
    for (const value of [Number.NaN, Number.POSITIVE_INFINITY]) assert.throws(() => canonicalJson([value]), RangeError);
    for (const value of [undefined, 1n, () => 1]) assert.throws(() => canonicalJson([value]), TypeError);
  });
});

function reversed(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(reversed);
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).reverse();
  // fromEntries keeps a name like __proto__ as a property.
  return Object.fromEntries(entries.map(([key, inner]) => [key, reversed(inner)]));
}
