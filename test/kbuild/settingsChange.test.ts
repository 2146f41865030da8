import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { type RecordedSettings, settingsChange } from '../../src/kbuild/settingsChange.js';
import { CONTENT } from '../plan/planSamples.js';

const RECORDED: RecordedSettings = { tool: { name: 'kheaders-pack', version: '1.0.0' }, formatVersion: 1, ...CONTENT };
const before = JSON.stringify(RECORDED);

/** The words for a record of these settings, where the run has `RECORDED`'s with this change. */
function words(change: Partial<RecordedSettings>, recorded = before): string {
  return settingsChange(recorded, JSON.stringify({ ...RECORDED, ...change }));
}

describe('other settings are named by the first that differs', () => {
  it('as a person says them', () => {
    const { encoding, selection } = CONTENT;
    const nice = { ...encoding, lzma2: { ...encoding.lzma2, niceLength: 11 } };
    assert.match(words({ encoding: nice }), /^other settings: --lzma2 nice 11, was \d+$/);
    assert.equal(words({ mtime: 86_400, encoding: nice }), `other settings: --mtime 86400, was ${CONTENT.mtime}`);
    const excluded = { ...selection, exclude: ['a\n*.h', 'b.h'] };
    assert.equal(words({ selection: excluded }), 'other settings: --exclude a\\n*.h b.h, was nothing');
  });

  it('or by the version that makes them', () => {
    const tool = { name: 'kheaders-pack', version: '1.0.1' };
    assert.equal(words({ tool, mtime: 5 }), 'other settings: kheaders-pack 1.0.1, was 1.0.0');
    assert.equal(words({ formatVersion: 2 }), 'other settings: archive format 2, was 1');
  });

  it('and by no name where the record is damaged, or says the same in another way', () => {
    for (const damaged of ['', 'settings', '{}', 'null', before.slice(1)]) {
      assert.equal(words({}, damaged), 'other settings', damaged);
    }
    assert.equal(words({}, ` ${before}`), 'other settings');
  });
});
