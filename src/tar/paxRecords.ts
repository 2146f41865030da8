import { type BytePath, fromLatin1 } from '../bytes/bytePath.js';
import { TarFault } from './fault.js';

/** The records of a pax extended header by their keyword; an empty value takes an earlier one back. */
export type PaxRecords = Map<string, BytePath>;

/**
 * Reads the content of a pax extended header: records of the form `LENGTH KEYWORD=VALUE\n`, each as long as it says
 * (POSIX, "pax Extended Header"). Values are kept as bytes.
 *
 * @param content at byte `offset` of the tar
 * @throws TarFault for a record that is not of that form
 */
export function readPaxRecords(content: Buffer, offset: number): PaxRecords {
  const records: PaxRecords = new Map();
  for (let at = 0; at < content.length; ) {
    const digits = /^[1-9]\d{0,8} /.exec(content.toString('latin1', at, at + MAX_DIGITS + 1))?.[0] ?? '';
    const end = at + Number(digits);
    const text = content.toString('latin1', at + digits.length, end);
    const equals = text.indexOf('=');
    if (digits === '' || end > content.length || !text.endsWith('\n') || equals < 1) {
      throw new TarFault(offset + at, 'a record of a pax header is not "LENGTH KEYWORD=VALUE"');
    }
    records.set(text.slice(0, equals), fromLatin1(text.slice(equals + 1, -1)));
    at = end;
  }
  return records;
}

const MAX_DIGITS = 9;

/**
 * A decimal number of a pax header: a size or an owner. With a sign or a fraction it is none to GNU tar, which then takes
 * the entry header's.
 *
 * @throws TarFault for anything else, and for what is no safe integer
 */
export function paxNumber(keyword: string, value: string, offset: number): number {
  return readDecimal(/^\d+$/, keyword, value, offset);
}

/**
 * A time of a pax header, in seconds, with a sign and a fraction where it has them: of our days a `number` holds a quarter of
 * a microsecond.
 *
 * @throws TarFault for anything else, and for what lies beyond the safe integers
 */
export function paxTime(keyword: string, value: string, offset: number): number {
  return readDecimal(/^-?\d+(\.\d*)?$/, keyword, value, offset);
}

function readDecimal(form: RegExp, keyword: string, value: string, offset: number): number {
  const number = form.test(value) ? Number(value) : Number.NaN;
  if (Number.isSafeInteger(Math.floor(number))) return number;
  throw new TarFault(offset, `the pax header's ${keyword} is no number that can be read`);
}
