import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { shellLine } from '../../src/bytes/shellLine.js';
import { run } from '../support/cli.js';
import { unless } from '../support/tools.js';

describe('words as a line for a shell', () => {
  it('stand as they are where nothing in them means anything to it, and in quotes elsewhere', () => {
    const line = 'kheaders-pack --lzma2 dict=1MiB,lc=4 ../a/b_c.h @1:2';
    assert.equal(shellLine(line.split(' ')), line);
    assert.equal(shellLine(["it's", 'a b', '']), "'it'\\''s' 'a b' ''");
  });

  it('come out of it as they went in', { skip: unless('sh') }, async () => {
    const words = [
      '',
      ' ',
      "'",
      "''",
      '"',
      '\\',
      '$HOME',
      '`id`',
      '*',
      '~',
      '#',
      '!x',
      'a\nb',
      '&;|<>()',
      'é',
      '-n',
      'a=b',
    ];
    const { stdout } = await run('sh', ['-c', `printf '%s\\0' ${shellLine(words)}`]);
    assert.deepEqual(stdout.toString().split('\0').slice(0, -1), words);
  });
});
