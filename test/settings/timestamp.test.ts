import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, it } from 'node:test';
import fc from 'fast-check';
import { parseSourceDateEpoch, parseTimestamp } from '../../src/settings/timestamp.js';
import { ZONE_NAMES } from '../../src/settings/zones.js';
import { noGnuTar } from '../tar/gnuTar.js';

const ENVIRONMENT = { ...process.env, TZ: 'UTC', LC_ALL: 'C', TAR_OPTIONS: '' };
const banner = spawnSync('date', ['--version'], { encoding: 'latin1' }).stdout ?? '';
const noGnuDate = banner.includes('GNU coreutils') ? false : 'GNU date is not on the PATH';

const MAX = 8589934591;
const seconds = (text: string): number => parseTimestamp(text, '--mtime').seconds;

/** What GNU date makes of many time stamps at once, in seconds. */
function gnuDate(texts: readonly string[]): number[] {
  const input = texts.join('\n');
  const { status, stdout, stderr } = spawnSync('date', ['-f', '-', '+%s'], {
    input,
    env: ENVIRONMENT,
    encoding: 'latin1',
    maxBuffer: 2 ** 26,
  });
  assert.equal(status, 0, stderr);
  return stdout.trimEnd().split('\n').map(Number);
}

const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];
const DAYS = ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat'];
const two = (number: number): string => String(number).padStart(2, '0');

interface Parts {
  readonly year: string;
  readonly month: string;
  readonly monthName: string;
  readonly day: string;
  readonly weekday: string;
  readonly clock: string;
  readonly short: string;
}

function partsOf(epoch: number): Parts {
  const date = new Date(epoch * 1000);
  const short = `${two(date.getUTCHours())}:${two(date.getUTCMinutes())}`;
  return {
    year: String(date.getUTCFullYear()).padStart(4, '0'),
    month: two(date.getUTCMonth() + 1),
    monthName: MONTHS[date.getUTCMonth()] ?? '',
    day: two(date.getUTCDate()),
    weekday: DAYS[date.getUTCDay()] ?? '',
    clock: `${short}:${two(date.getUTCSeconds())}`,
    short,
  };
}

/** Every accepted form; `zone` is empty or a zone as it is written there. */
const FORMS: Readonly<Record<string, (parts: Parts, zone: string) => string>> = {
  'ISO date': p => `${p.year}-${p.month}-${p.day}`,
  'ISO with T': (p, zone) => `${p.year}-${p.month}-${p.day}T${p.clock}${zone}`,
  'ISO with a lower-case t': (p, zone) => `${p.year}-${p.month}-${p.day}t${p.clock}${zone}`,
  'ISO without seconds': (p, zone) => `${p.year}-${p.month}-${p.day}T${p.short}${zone}`,
  'ISO with a blank': (p, zone) => `${p.year}-${p.month}-${p.day} ${p.clock} ${zone}`,
  'ISO with a fraction': (p, zone) => `${p.year}-${p.month}-${p.day} ${p.clock}.999999999${zone}`,
  'ISO with a fraction after a comma': (p, zone) => `${p.year}-${p.month}-${p.day} ${p.clock},5${zone}`,
  'RFC 2822': (p, zone) => `${p.weekday}, ${p.day} ${p.monthName} ${p.year} ${p.clock} ${zone}`,
  'RFC 2822 without weekday': (p, zone) => `${p.day} ${p.monthName} ${p.year} ${p.clock} ${zone}`,
  'RFC 2822 without seconds': (p, zone) => `${p.weekday}, ${p.day} ${p.monthName} ${p.year} ${p.short} ${zone}`,
  'RFC 2822 with a one-digit day': (p, zone) => `${Number(p.day)} ${p.monthName} ${p.year} ${p.clock} ${zone}`,
  'date output': (p, zone) =>
    `${p.weekday} ${p.monthName} ${String(Number(p.day)).padStart(2, ' ')} ${p.clock} ${zone} ${p.year}`,
  'date output without seconds': (p, zone) => `${p.weekday} ${p.monthName} ${p.day} ${p.short} ${zone} ${p.year}`,
};

const NUMERIC_ZONES = ['+00:00', '-00:00', '+0100', '-0800', '+05:30', '-03:30', '+14:00', '-12', '+09', 'Z', 'z'];
const LOWER_CASE = ZONE_NAMES.slice(0, 5).map(name => name.toLowerCase());
const zone = fc.constantFrom('', ...NUMERIC_ZONES, ...ZONE_NAMES, ...LOWER_CASE);
/** A day inside the range at either end, so that no zone leaves it. */
const epoch = fc.integer({ min: 2 * 86_400, max: MAX - 2 * 86_400 });

describe('an accepted time stamp is what GNU date reads under TZ=UTC', { skip: noGnuDate }, () => {
  for (const [name, form] of Object.entries(FORMS)) {
    it(`as ${name}, at any time and in any zone`, () => {
      const texts = fc.sample(fc.tuple(epoch, zone), 400).map(([at, in_]) => form(partsOf(at), in_).trim());
      assert.deepEqual(texts.map(seconds), gnuDate(texts), name);
    });
  }

  it('in every zone abbreviation', () => {
    const texts = ZONE_NAMES.map(name => `Thu Jul  4 12:34:56 ${name} 2024`);
    for (const [i, expected] of gnuDate(texts).entries()) assert.equal(seconds(texts[i] ?? ''), expected, texts[i]);
  });

  it('as @SECONDS, fractions cut off', () => {
    const texts = ['@0', '@1', '@1.9', '@1,9', '@1700000000', '@1700000000.999999999', `@${MAX}`, `@${MAX}.9`, '@007'];
    assert.deepEqual(texts.map(seconds), gnuDate(texts));
  });

  it('on leap days, at both ends of the range, and with blanks around it', () => {
    const texts = [
      '2000-02-29',
      '2024-02-29T23:59:59Z',
      'Thu, 01 Jan 1970 00:00:00 +0000',
      '1970-01-01T00:00:00-00:00',
      '1969-12-31T23:00:00-01:00',
      '2242-03-16T12:56:31Z',
      '  2024-01-01  ',
      'Mon  Jan   1  00:00:00   UTC   2024',
    ];
    assert.deepEqual(texts.map(seconds), gnuDate(texts));
  });
});

describe('an accepted time stamp is what tar --mtime stores', { skip: noGnuTar }, () => {
  const scratch = mkdtempSync(join(tmpdir(), 'kheaders-pack-mtime-'));
  after(() => rmSync(scratch, { recursive: true }));
  writeFileSync(join(scratch, 'x'), '');

  for (const [name, form] of Object.entries(FORMS)) {
    it(`as ${name}`, () => {
      const text = form(partsOf(1_720_096_496), name === 'ISO date' ? '' : 'CEST').trim();
      const args = ['--format=gnu', `--mtime=${text}`, '-C', scratch, '-cf', '-', 'x'];
      const { status, stdout } = spawnSync('tar', args, { env: ENVIRONMENT });
      assert.equal(status, 0);
      assert.equal(Number.parseInt(stdout.toString('latin1', 136, 147), 8), seconds(text));
    });
  }
});

describe('a refused time stamp', () => {
  const refused = [
    '',
    ' ',
    'now',
    'yesterday',
    'tomorrow 12:00',
    '1 day ago',
    './Makefile',
    '/etc/hostname',
    'x@y',
    '1700000000',
    '0',
    '20240101',
    '@',
    '@x',
    '@1e3',
    '@0x10',
    '@ 1',
    '@-1',
    '@-0.5',
    `@${MAX + 1}`,
    '@99999999999999999999',
    '2242-03-16T12:56:32Z',
    '1969-12-31T23:59:59Z',
    '1970-01-01T00:00:00+01:00',
    '2023-02-29',
    '2100-02-29',
    '2024-02-30',
    '2024-04-31',
    '2024-00-10',
    '2024-13-10',
    '2024-01-00',
    '2024-01-32',
    '24-01-01',
    '2024-1-1',
    '2024/01/01',
    '2024-01-01T24:00:00Z',
    '2024-01-01T25:00:00Z',
    '2024-01-01T00:60:00Z',
    '2024-01-01T00:00:60Z',
    '2024-01-01T',
    '2024-01-01T00',
    '2024-01-01T00:00:00+25:00',
    '2024-01-01T00:00:00+01:60',
    '2024-01-01T00:00:00 XYZ',
    '2024-01-01T00:00:00 A',
    '2024-01-01T00:00:00 constructor',
    '2024-01-01 00:00:00 UTC garbage',
    'garbage 2024-01-01',
    'Mon, 01 Jan 24 00:00:00 +0000',
    'Tue, 01 Jan 2024 00:00:00 +0000',
    'Tue Jan  1 00:00:00 UTC 2024',
    'Foo Jan  1 00:00:00 UTC 2024',
    'Mon Foo  1 00:00:00 UTC 2024',
    'Mon Jan 32 00:00:00 UTC 2024',
    '31 Feb 2024 00:00:00 +0000',
    'Mon Jan  1 12:00:00 AM UTC 2024',
    '0000-01-01',
    '0070-01-01',
    '２０２４-01-01',
  ];

  for (const text of refused) {
    it(`is "${text}"`, () => {
      assert.throws(() => seconds(text), { code: 'E_TIMESTAMP', message: /of --mtime/ });
    });
  }

  it('is any text that has none of the forms', () => {
    const garbage = fc.string({ maxLength: 30 }).filter(text => !/^\s*(@\d|\d{4}-\d\d-\d\d|\d|[a-z]{3})/i.test(text));
    fc.assert(fc.property(garbage, text => assert.throws(() => seconds(text), { code: 'E_TIMESTAMP' })));
  });
});

describe('a time stamp', () => {
  it('knows whether it named its zone', () => {
    const hasZone = (text: string): boolean => parseTimestamp(text, '--mtime').hasZone;
    const named = ['@0', '2024-01-01T00:00:00Z', 'Mon Jan  1 00:00:00 UTC 2024', '1 Jan 2024 00:00 +0000'];
    const unnamed = ['2024-01-01', '2024-01-01 00:00', 'Mon Jan  1 00:00:00 2024', 'Mon, 1 Jan 2024 00:00:00'];
    assert.ok(named.every(hasZone));
    assert.ok(!unnamed.some(hasZone));
  });

  it('of SOURCE_DATE_EPOCH is decimal digits and nothing else', () => {
    assert.equal(parseSourceDateEpoch('0').seconds, 0);
    assert.equal(parseSourceDateEpoch(String(MAX)).seconds, MAX);
    for (const text of ['', '@1', '-1', '+1', ' 1', '1.5', '1e3', '2024-01-01', String(MAX + 1)]) {
      assert.throws(() => parseSourceDateEpoch(text), { code: 'E_TIMESTAMP', message: /of SOURCE_DATE_EPOCH/ }, text);
    }
  });
});
