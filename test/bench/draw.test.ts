import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, describe, it } from 'node:test';
import { PROJECT_ROOT } from '../../corpus/trees.js';
import { sampleResult } from '../measure/benchSamples.js';
import { run } from '../support/cli.js';
import { scratch } from '../support/scratch.js';

const work = scratch({ after });
const DRAW = join(PROJECT_ROOT, 'dist', 'bench', 'draw.js');

describe('bench/draw', () => {
  it('draws a result again, of ours what has the most jobs', async () => {
    const [from, to] = [join(work, 'result.json'), join(work, 'size-time.svg')];
    writeFileSync(from, JSON.stringify(sampleResult('')));
    const { code, stderr } = await run(process.execPath, [DRAW, from, to]);
    assert.equal(code, 0, stderr);
    const drawn = readFileSync(to, 'utf8');
    assert.match(drawn, /4000000 bytes, 2\.13 s/);
    assert.match(drawn, />zstd /);
    assert.doesNotMatch(drawn, /4\.25 s|8\.50 s/);
  });

  it('draws nothing from what is no result', async () => {
    const from = join(work, 'other.json');
    writeFileSync(from, '{}');
    const { code, stderr } = await run(process.execPath, [DRAW, from, join(work, 'other.svg')]);
    assert.notEqual(code, 0);
    assert.match(stderr, /is no result of kheaders-pack bench/);
  });
});
