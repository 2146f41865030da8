import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { formatBytes, formatExactSize, formatSize, parseSize } from '../../../src/bytes/size.js';
import { parseDuration } from '../../../src/settings/duration.js';
import { readFileList } from '../../../src/settings/fileList.js';
import { resolveLzma2 } from '../../../src/settings/lzma2.js';
import { parseMakeflags } from '../../../src/settings/makeflags.js';
import { netrcLogin } from '../../../src/settings/netrc.js';
import { parseSourceDateEpoch, parseTimestamp } from '../../../src/settings/timestamp.js';
import { isRead, lineStart, PLAIN, type Target } from '../target.js';

/** What people write on a command line, in the environment and in small files. */

function pieces(...texts: readonly string[]): Buffer[] {
  return texts.map(text => Buffer.from(text, 'latin1'));
}

export const lzma2: Target = {
  ...PLAIN,
  seeds: pieces(
    '',
    'dict=4MiB,lc=4,lp=0,pb=0',
    'preset=6e,nice=64,mf=bt4,mode=normal,depth=0',
    'mf=radix,mode=max,nice=8',
  ),
  dictionary: pieces(
    ...[
      'preset=',
      'dict=',
      'lc=',
      'lp=',
      'pb=',
      'mode=',
      'nice=',
      'mf=',
      'depth=',
      ',',
      '=',
      '1536MiB',
      '64MiB',
      '4096',
    ],
    ...['fast', 'normal', 'max', 'hc3', 'bt2', 'radix', '9e', '273', '1e3', '0x10', '-1', '٣'],
  ),
  sizeMax: 200,
  /** What is accepted is in the ranges of liblzma, and says the same when it is written out. */
  check: input =>
    isRead(['E_OPTION_VALUE', 'E_OPTION_CONFLICT'], () => {
      const given = input.toString('utf8');
      for (const codec of ['liblzma', 'radix']) {
        const choice = { preset: undefined, allowLargeDictionary: given.length % 2 === 0, codec, blockSize: 2 ** 22 };
        const options = resolveLzma2({ ...choice, lzma2: given });
        const { dictionarySize, lc, lp, pb, niceLength, mode, matchFinder, depth } = options;
        assert.ok(lc + lp <= 4 && pb <= 4 && niceLength >= 2 && niceLength <= 273 && depth >= 0, given);
        assert.ok(dictionarySize >= 4096 && dictionarySize <= 1.5 * 2 ** 30, given);
        const dict = formatExactSize(dictionarySize);
        const written = `dict=${dict},lc=${lc},lp=${lp},pb=${pb},mode=${mode},nice=${niceLength},mf=${matchFinder},depth=${depth}`;
        assert.deepEqual(resolveLzma2({ ...choice, lzma2: written }), options);
      }
    }),
};

export const sizes: Target = {
  ...PLAIN,
  seeds: pieces('4MiB', '4096', '1.5G', '10m', '12 kb', '30s', '9007199254740991'),
  dictionary: pieces(
    'constructor',
    'KiB',
    'k',
    'b',
    'G',
    'GiB',
    'TiB',
    'MB',
    ' ',
    '0',
    '9007199254740992',
    '-',
    '+',
    '.',
    'e3',
    'h',
    '²',
    '\ufeff',
  ),
  sizeMax: 60,
  /** A size is what its digits and its unit come to, exactly, and reads back as it is written. */
  check: input => {
    const text = input.toString('utf8');
    parseDuration(text);
    const size = parseSize(text);
    if (size === undefined) return false;
    const [, digits = '', unit = ''] = /^\s*(\d+)\s*([kmgt]?)i?b?\s*$/i.exec(text) ?? [];
    const power = { '': 0n, k: 10n, m: 20n, g: 30n, t: 40n }[unit.toLowerCase()] ?? 0n;
    assert.equal(BigInt(size), BigInt(digits) << power, text);
    assert.equal(parseSize(formatExactSize(size)), size);
    for (const written of [formatSize(size), formatBytes(size)]) assert.match(written, /^[\d.,]+ (B|bytes|[KMG]iB)$/);
    return true;
  },
};

export const timestamps: Target = {
  ...PLAIN,
  seeds: pieces(
    ...['@1700000000', '1700000000', '2026-11-24T11:00:00Z', '2026-11-24 11:00:00.5 +02:00', '2026-11-24'],
    ...['Tue, 24 Nov 2026 11:00:00 GMT', 'Tue Nov 24 11:00:00 CET 2026'],
  ),
  dictionary: pieces(
    'constructor',
    '@',
    'Feb',
    '29',
    '2100',
    '0000',
    '9999',
    ' UTC',
    ' EST',
    '+2400',
    '-24:01',
    '.999',
    ',',
    '\t',
    'Z',
    'z',
  ),
  sizeMax: 80,
  check: input =>
    isRead(['E_TIMESTAMP'], () => {
      const text = input.toString('utf8');
      const read = text.length % 3 === 0 ? parseSourceDateEpoch(text) : parseTimestamp(text, 'fuzz');
      assert.ok(Number.isInteger(read.seconds) && read.seconds >= 0 && read.seconds <= 8 ** 11 - 1, text);
      const written = new Date(read.seconds * 1000).toISOString();
      if (read.seconds < 253_402_300_800) assert.equal(parseTimestamp(written, 'fuzz').seconds, read.seconds);
    }),
};

const MACHINE = 'cache.example';

export const netrc: Target = {
  ...PLAIN,
  seeds: pieces(
    `machine ${MACHINE} login me password "a \\" b"\n`,
    `# a comment\nmacdef init\nls\nmachine ${MACHINE}\n\nmachine other login x\ndefault login y password z`,
    `machine ${MACHINE}\n\tlogin me\n\taccount a password`,
  ),
  dictionary: pieces(
    'machine ',
    MACHINE,
    'default',
    'login ',
    'password ',
    'account ',
    'macdef ',
    '\n\n',
    '"',
    '\\',
    '#',
    '\r\n',
  ),
  align: lineStart,
  sizeMax: 2 ** 13,
  check: input => {
    const login = netrcLogin(input.toString('utf8'), MACHINE);
    if (login === null) return false;
    assert.deepEqual(Object.keys(login), ['user', 'password']);
    assert.ok(typeof login.user === 'string' && typeof login.password === 'string');
    return true;
  },
};

export const makeflags: Target = {
  ...PLAIN,
  seeds: pieces('s -j4 --jobserver-auth=fifo:/tmp/GMfifo1 -- V=1', ' -j --jobserver-fds=3,4', '--jobs=2 a\\ b'),
  dictionary: pieces('-j', '--jobs=', '--jobserver-auth=', 'fifo:', '--', '\\', ' ', '99999999999999999999'),
  sizeMax: 2 ** 12,
  check: input => {
    const { jobs, fifo } = parseMakeflags(input.toString('utf8'));
    assert.ok(jobs === null || jobs >= 0);
    return fifo !== null;
  },
};

const directory = mkdtempSync(join(tmpdir(), 'kheaders-pack-fuzz-'));
process.on('exit', () => rmSync(directory, { recursive: true, force: true }));

export const fileList: Target = {
  ...PLAIN,
  seeds: pieces('include/a.h\ninclude/b.h\n', 'a\0b\0', '\n\n./x\n../y', '\xff\xfe.h'),
  dictionary: pieces('\n', '\0', '/', '..', '\r\n', './'),
  sizeMax: 2 ** 12,
  /** Lines are the file's, none is empty, and their bytes are kept. */
  check: input => {
    writeFileSync(join(directory, 'list'), input);
    for (const [nul, end] of [
      [false, '\n'],
      [true, '\0'],
    ] as const) {
      const paths = readFileList('list', directory, nul);
      assert.ok(paths.every(path => path !== '' && !path.includes(end)));
      const text = input.toString('latin1');
      assert.equal(paths.join(''), text.replaceAll(end, ''));
    }
    return true;
  },
};
