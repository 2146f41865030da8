import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, describe, it } from 'node:test';
import { generateTree } from '../../corpus/synthetic.js';
import { headersBelow } from '../../corpus/tokenProof/headers.js';
import { type Stripper, stripperFor } from '../../src/strip/strip.js';
import { STRIP_VERSION } from '../../src/strip/version.js';
import { scratch } from '../support/scratch.js';

/** What is left of a generated tree's headers, by version and mode: SHA-256 over lengths and bytes. */
const LEFT: Readonly<Record<number, Readonly<Record<string, string>>>> = {
  1: {
    none: 'fde1f798361c13086de550176f8645ca27fcf5f501baf5a85e18b0de8cdea480',
    kernel: '9fea7b7cb36aac8b8ba88445670236cc3171a55b4a4024489686bd63cc7fab23',
    comments: '7e5818f30a8e10c5881aca92aae5fb36b7000d9a5aa334703a50554525d184f4',
    tokens: '91ee1aa6152bf697350daa78eed55b54c70959721899b932ae08ddd5561880dc',
  },
};

const root = generateIn(join(scratch({ after }), 'tree'));

function generateIn(path: string): string {
  generateTree(path, { headers: 120, seed: 11 });
  return path;
}

function digestOf(strip: Stripper): string {
  const hash = createHash('sha256');
  for (const name of headersBelow(root)) {
    const source = readFileSync(join(root, name));
    const left = strip(source, Buffer.alloc(source.length));
    hash.update(`${left.length}\n`).update(left);
  }
  return hash.digest('hex');
}

describe('the version of stripping', () => {
  for (const mode of ['none', 'kernel', 'comments', 'tokens'] as const) {
    it(`stands for what ${mode} leaves: digests kept by an older program hold, or the version has to move`, () => {
      assert.equal(digestOf(stripperFor(mode)), LEFT[STRIP_VERSION]?.[mode]);
    });
  }
});
