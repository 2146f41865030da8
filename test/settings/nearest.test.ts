import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { COMMAND_NAMES } from '../../src/cli/names.js';
import { nearest } from '../../src/settings/nearest.js';

describe('the command that was meant', () => {
  const meant: readonly (readonly [string, string | null])[] = [
    ['lst', 'list'],
    ['lsit', 'list'],
    ['lisst', 'list'],
    ['verfy', 'verify'],
    ['evrify', 'verify'],
    ['verification', null],
    ['extarct', 'extract'],
    ['dif', 'diff'],
    ['cta', 'cat'],
    ['ct', 'cat'],
    ['x', null],
    ['', null],
    ['linux', null],
  ];
  for (const [typed, expected] of meant) {
    it(`is ${expected ?? 'not guessed'} for "${typed}"`, () => assert.equal(nearest(typed, COMMAND_NAMES), expected));
  }

  it('is itself for each command', () => {
    for (const name of COMMAND_NAMES) assert.equal(nearest(name, COMMAND_NAMES), name);
  });
});
