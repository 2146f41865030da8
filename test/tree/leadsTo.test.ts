import assert from 'node:assert/strict';
import { join } from 'node:path';
import { it } from 'node:test';
import { leadsTo } from '../../src/tree/leadsTo.js';
import { linked } from '../support/linked.js';

it('a path that leads nowhere is what it is', t => {
  const here = linked(t);
  for (const name of ['round', 'missing/new']) assert.equal(leadsTo(join(here, name)), join(here, name));
  assert.equal(leadsTo(join(here, 'nowhere')), join(here, 'missing/new'));
  assert.equal(leadsTo(join(here, 'through-nothing')), `${here}/missing/../through-nothing`);
});
