import assert from 'node:assert/strict';
import { join } from 'node:path';
import { after, describe, it } from 'node:test';
import { pointsOf } from '../../src/settings/axes.js';
import { resolveBench } from '../../src/settings/bench.js';
import { parseDuration } from '../../src/settings/duration.js';
import { gatherEnvironment } from '../../src/settings/environment.js';
import { kernelTree } from '../support/kernelTree.js';
import { scratch } from '../support/scratch.js';

const tree = kernelTree(join(scratch({ after }), 'tree'));
const environment = { ...gatherEnvironment(), variables: {} };

describe('the points of a sweep', () => {
  it('are every combination, each once, the jobs changing fastest', () => {
    const points = pointsOf({ jobs: ['1,2,2'], strip: ['none,tokens'], lzma2: ['nice=8', 'nice=9,depth=1'] });
    assert.deepEqual(
      points.map(({ values }) => Object.values(values).join(' ')),
      [
        'none nice=8 1',
        'none nice=8 2',
        'none nice=9,depth=1 1',
        'none nice=9,depth=1 2',
        'tokens nice=8 1',
        'tokens nice=8 2',
        'tokens nice=9,depth=1 1',
        'tokens nice=9,depth=1 2',
      ],
    );
    assert.deepEqual(points[0]?.options, { strip: 'none', lzma2: 'nice=8', jobs: '1' });
  });

  it('are one, of the defaults, where no axis is given', () => {
    assert.deepEqual(pointsOf({}), [{ options: {}, values: {} }]);
  });
});

describe('the settings of a sweep', () => {
  it('know the jobs and the architecture of each point', () => {
    const { points, input } = resolveBench({ tree, profile: ['headers,all'], jobs: ['3'], mtime: '@5' }, environment);
    assert.deepEqual(
      points.map(({ jobs, srcarch }) => [jobs, srcarch]),
      [
        [3, 'x86'],
        [3, ''],
      ],
    );
    assert.deepEqual(input, {
      kind: 'tree',
      shown: tree,
      shownArgs: [tree, '--mtime', '@5'],
      trees: { sourceTree: tree, objectTree: null },
      mtime: 5,
    });
  });

  it('are one for each size and number of jobs, however these are said', () => {
    const { points } = resolveBench({ tree, blockSize: ['1M,1MiB,2M,1024K'], jobs: ['1,01'] }, environment);
    assert.deepEqual(
      points.map(({ values }) => values),
      ['1M', '2M'].map(size => ({ '--block-size': size, '--jobs': '1' })),
    );
  });

  it('refuse a value that a pack would refuse, before anything runs', () => {
    for (const given of [{ preset: ['6,10'] }, { jobs: ['1,0'] }, { blockSize: ['1M,x'] }, { check: ['crc64,md5'] }]) {
      assert.throws(() => resolveBench({ tree, ...given }, environment), { code: 'E_OPTION_VALUE' });
    }
    assert.throws(() => resolveBench({ fromTar: 'k.tar', strip: ['none'] }, environment), {
      code: 'E_OPTION_CONFLICT',
    });
  });

  it('refuse a number of runs or a time that is none, both at once, and a tar from a pipe', () => {
    for (const repetitions of ['0', 'x', '1001', '']) {
      assert.throws(() => resolveBench({ tree, repetitions }, environment), { code: 'E_OPTION_VALUE' });
    }
    for (const time of ['0', '-1', '10x', '', '1 day']) {
      assert.throws(() => resolveBench({ tree, time }, environment), { code: 'E_OPTION_VALUE' });
    }
    assert.throws(() => resolveBench({ tree, time: '1m', repetitions: '2' }, environment), {
      code: 'E_OPTION_CONFLICT',
    });
    assert.throws(() => resolveBench({ fromTar: '-' }, environment), { code: 'E_OPTION_VALUE' });
  });

  it('read times in seconds, minutes and hours', () => {
    assert.deepEqual(['90', '90s', '1.5m', '10min', '1h'].map(parseDuration), [90, 90, 90, 600, 3600]);
  });
});
