import { KheadersPackError } from '../errors.js';
import { MTIME_MAX } from '../tar/entryHeader.js';
import { zoneOffset } from './zones.js';

/** A time stamp as read. */
export interface Timestamp {
  /** Seconds since 1970, 0 to 8589934591. Fractions are cut off. */
  readonly seconds: number;
  /** Whether it named its time zone; where it did not, UTC was assumed. */
  readonly hasZone: boolean;
}

const MONTHS = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'];
const WEEKDAYS = ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat'];

const EPOCH = /^@(?<epoch>\d+)(?:[.,]\d+)?$/;
const CLOCK = String.raw`(?<hour>\d{2}):(?<minute>\d{2})(?::(?<second>\d{2}))?`;
const ZONE = String.raw`(?<zone>[+-]\d{2}(?::?\d{2})?|[a-z]+)`;
/** ISO 8601 and RFC 3339: a date, alone or with a time of day. */
const ISO = new RegExp(
  String.raw`^(?<year>\d{4})-(?<month>\d{2})-(?<day>\d{2})(?:(?:T|\s+)${CLOCK}(?:[.,]\d+)?(?:\s*${ZONE})?)?$`,
  'i',
);
/** RFC 2822, section 3.3. */
const MAIL = new RegExp(
  String.raw`^(?:(?<weekday>[a-z]{3}),\s+)?(?<day>\d{1,2})\s+(?<month>[a-z]{3})\s+(?<year>\d{4})\s+${CLOCK}(?:\s+${ZONE})?$`,
  'i',
);
/** The output of `LC_ALL=C date`. */
const DATE = new RegExp(
  String.raw`^(?<weekday>[a-z]{3})\s+(?<month>[a-z]{3})\s+(?<day>\d{1,2})\s+${CLOCK}(?:\s+${ZONE})?\s+(?<year>\d{4})$`,
  'i',
);

/**
 * Reads a time stamp in one of the accepted forms: `@SECONDS`, ISO 8601 and RFC 3339, RFC 2822, the output of
 * `LC_ALL=C date`. GNU date reads all of these the same under TZ=UTC; what it reads beyond them (words, file names,
 * garbage with a warning) is refused.
 *
 * @param source where it came from, for the message
 * @throws KheadersPackError `E_TIMESTAMP`
 */
export function parseTimestamp(text: string, source: string): Timestamp {
  const refuse = (reason: string): KheadersPackError =>
    new KheadersPackError('E_TIMESTAMP', { source, value: text, reason });
  const value = text.trim();
  const epoch = EPOCH.exec(value)?.groups?.['epoch'];
  const timestamp =
    epoch === undefined ? readDate(ISO.exec(value) ?? MAIL.exec(value) ?? DATE.exec(value), refuse) : secondsOf(epoch);
  if (timestamp.seconds < 0 || timestamp.seconds > MTIME_MAX) {
    throw refuse(`it is outside 0 to ${MTIME_MAX} seconds since 1970`);
  }
  return timestamp;
}

/** Reads SOURCE_DATE_EPOCH: decimal digits and nothing else (reproducible-builds.org's specification). */
export function parseSourceDateEpoch(text: string): Timestamp {
  if (/^\d+$/.test(text)) return parseTimestamp(`@${text}`, 'SOURCE_DATE_EPOCH');
  throw new KheadersPackError('E_TIMESTAMP', {
    source: 'SOURCE_DATE_EPOCH',
    value: text,
    reason: 'it has to be decimal digits, seconds since 1970',
  });
}

function secondsOf(digits: string): Timestamp {
  return { seconds: Number(digits), hasZone: true };
}

function readDate(match: RegExpExecArray | null, refuse: (reason: string) => KheadersPackError): Timestamp {
  const groups = match?.groups;
  if (groups === undefined) throw refuse('it has none of the accepted forms');
  const year = Number(groups['year']);
  const month = monthOf(groups['month'] ?? '');
  const day = Number(groups['day']);
  const hour = Number(groups['hour'] ?? 0);
  const minute = Number(groups['minute'] ?? 0);
  const second = Number(groups['second'] ?? 0);
  const milliseconds = Date.UTC(year, month, day, hour, minute, second);
  const date = new Date(milliseconds);
  const isReal =
    date.getUTCFullYear() === year && date.getUTCMonth() === month && date.getUTCDate() === day && hour < 24;
  if (!isReal || minute > 59 || second > 59) throw refuse('there is no such day or time of day');
  const weekday = groups['weekday'];
  if (weekday !== undefined && WEEKDAYS.indexOf(weekday.toLowerCase()) !== date.getUTCDay()) {
    throw refuse('that day is another day of the week');
  }
  const zone = groups['zone'];
  const offset = zone === undefined ? 0 : zoneOffset(zone);
  if (offset === null) throw refuse(`the time zone "${zone}" is not known`);
  return { seconds: milliseconds / 1000 - offset * 60, hasZone: zone !== undefined };
}

/** 0 to 11, from digits or an English name; -1 otherwise, which is no month. */
function monthOf(text: string): number {
  return /^\d/.test(text) ? Number(text) - 1 : MONTHS.indexOf(text.toLowerCase());
}
