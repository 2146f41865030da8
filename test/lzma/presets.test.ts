import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { describe, it } from 'node:test';
import { presetOptions } from '../../src/lzma/presets.js';

const LEVELS = [...Array(10).keys()];
const xz = spawnSync('xz', ['--version']).status === 0 ? false : 'xz is not on the PATH';

/** The filter chain that `xz -vv` prints for a preset: `--lzma2=dict=8MiB,lc=3,...`. */
function chainOf(preset: string): Record<string, string> {
  const { stderr } = spawnSync('xz', [`-${preset}`, '-vv', '-c'], {
    input: '',
    encoding: 'utf8',
    env: { ...process.env, LC_ALL: 'C' },
  });
  const chain = /--lzma2=(\S+)/.exec(stderr)?.[1] ?? '';
  return Object.fromEntries(chain.split(',').map(pair => pair.split('=')));
}

describe('a preset', () => {
  for (const level of LEVELS) {
    for (const extreme of [false, true]) {
      const name = `${level}${extreme ? 'e' : ''}`;
      it(`${name} is what xz makes of it, but for lc and pb`, { skip: xz }, () => {
        const { lc, pb, ...theirs } = chainOf(name);
        const options = presetOptions(level, extreme);
        const { dictionarySize } = options;
        assert.deepEqual(
          {
            dict: dictionarySize < 2 ** 20 ? `${dictionarySize / 2 ** 10}KiB` : `${dictionarySize / 2 ** 20}MiB`,
            lp: String(options.lp),
            mode: options.mode,
            nice: String(options.niceLength),
            mf: options.matchFinder,
            depth: String(options.depth),
          },
          theirs,
        );
        assert.deepEqual([lc, pb], ['3', '2']);
      });
    }
  }

  it('has lc=4, lp=0 and pb=0, which suit text', () => {
    for (const level of LEVELS) {
      const { lc, lp, pb } = presetOptions(level, false);
      assert.deepEqual([lc, lp, pb], [4, 0, 0]);
    }
  });

  it('that does not exist is refused', () => {
    for (const level of [-1, 10, 1.5]) assert.throws(() => presetOptions(level, false), RangeError);
  });
});
