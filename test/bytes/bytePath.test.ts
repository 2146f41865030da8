import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import {
  type BytePath,
  baseOf,
  fromLatin1,
  fromUtf8,
  join,
  parentOf,
  printable,
  toBuffer,
  toJson,
  toUtf8,
} from '../../src/bytes/bytePath.js';

const bytes = fc.uint8Array({ maxLength: 40 }).map(array => Buffer.from(array));
const pathOf = (buffer: Buffer): BytePath => fromLatin1(buffer.toString('latin1'));
const text = fc.string({ unit: 'binary', maxLength: 40 });

test('a path keeps any bytes', () => {
  fc.assert(fc.property(bytes, buffer => assert.deepEqual(toBuffer(pathOf(buffer)), buffer)));
});

test('a path made of text is its UTF-8 bytes, and reads back as that text', () => {
  fc.assert(
    fc.property(text, given => {
      assert.deepEqual(toBuffer(fromUtf8(given)), Buffer.from(given, 'utf8'));
      assert.equal(toUtf8(fromUtf8(given)), given);
    }),
  );
});

test('paths compare as their bytes do', () => {
  fc.assert(
    fc.property(bytes, bytes, (a, b) => {
      assert.equal(pathOf(a) < pathOf(b), Buffer.compare(a, b) < 0);
    }),
  );
});

test('bytes that are not UTF-8 have no text, and a byte order mark stays in it', () => {
  for (const invalid of ['\xff', '\xc3', '\xc0\x80', '\xed\xa0\x80', 'a\x80']) {
    assert.equal(toUtf8(fromLatin1(invalid)), undefined);
  }
  assert.equal(toUtf8(fromUtf8('\ufeffx.h')), '\ufeffx.h');
});

test('parent and base take a path apart, and join puts it together', () => {
  assert.equal(join(fromLatin1(''), fromLatin1('a.h')), 'a.h');
  assert.equal(join(fromLatin1('/'), fromLatin1('a.h')), '/a.h');
  assert.equal(parentOf(fromLatin1('a.h')), '');
  assert.equal(baseOf(fromLatin1('a.h')), 'a.h');
  const name = fc.stringMatching(/^[^/]{1,8}$/).map(fromUtf8);
  fc.assert(
    fc.property(name, name, (parent, child) => {
      const path = join(parent, child);
      assert.deepEqual([parentOf(path), baseOf(path)], [parent, child]);
    }),
  );
});

test('a printable path is the text itself where nothing in it disturbs a terminal', () => {
  assert.equal(printable(fromUtf8('include/linux/größe.h')), 'include/linux/größe.h');
});

test('control characters and bytes that are not UTF-8 are written as escapes', () => {
  assert.equal(printable(fromUtf8('a\nb\tc\x1b[2J\x7fä')), 'a\\nb\\tc\\x1b[2J\\x7fä');
  assert.equal(printable(fromLatin1('a\xff\xc3\n')), 'a\\xff\\xc3\\n');
});

test('what acts on a terminal beyond ASCII is written as escapes too', () => {
  assert.equal(printable(fromUtf8('a\u009b2Jb\u202ec\u2028d')), 'a\\u{9b}2Jb\\u{202e}c\\u{2028}d');
});

test('a printable path holds no control character, whatever its bytes', () => {
  fc.assert(
    fc.property(bytes, buffer => {
      // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is looked for
      assert.doesNotMatch(printable(pathOf(buffer)), /[\x00-\x1f\x7f]/);
    }),
  );
});

test('JSON gives the exact bytes back, in base64 where they are not UTF-8', () => {
  assert.deepEqual(toJson(fromUtf8('a\n.h')), { path: 'a\n.h' });
  assert.deepEqual(toJson(fromLatin1('a\xff.h')), { path: 'a\\xff.h', pathBase64: 'Yf8uaA==' });
  fc.assert(
    fc.property(bytes, buffer => {
      const json = JSON.parse(JSON.stringify(toJson(pathOf(buffer)))) as { path: string; pathBase64?: string };
      const { path, pathBase64 } = json;
      const read = pathBase64 === undefined ? Buffer.from(path, 'utf8') : Buffer.from(pathBase64, 'base64');
      assert.deepEqual(read, buffer);
    }),
  );
});
