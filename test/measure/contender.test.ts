import assert from 'node:assert/strict';
import { join } from 'node:path';
import { after, describe, it } from 'node:test';
import { type Contender, digestOf, runOnce, sizeOf } from '../../src/measure/contender.js';
import { scratch } from '../support/scratch.js';

const directory = scratch({ after });
const archive = join(directory, 'never written');
const PEER: Contender = {
  name: 'true',
  kind: 'peer',
  shown: 'true',
  version: '',
  jobs: 1,
  values: {},
  command: { command: 'true', args: [], workingDirectory: directory, variables: {}, input: null, output: null },
  archive,
  decoder: null,
  tarBytes: 1,
};

describe('a file of the sweep that cannot be read is named', () => {
  const expected = { code: 'E_READ', facts: { path: archive, reason: 'no such file or directory' } };

  it('where a command ends well and leaves no archive', () => assert.rejects(runOnce(PEER), expected));

  it('where its size or its digest is taken', async () => {
    await assert.rejects(sizeOf(archive), expected);
    await assert.rejects(digestOf(archive), expected);
    await assert.rejects(digestOf(directory), { code: 'E_READ', facts: { path: directory, reason: 'is a directory' } });
  });
});
