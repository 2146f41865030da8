import { visible } from '../bytes/bytePath.js';
import type { ListedEntry } from '../model/listing.js';

/** The first character of the mode, by typeflag, as GNU tar has it. */
const LETTERS: Readonly<Record<string, string>> = {
  '0': '-',
  '1': 'h',
  '2': 'l',
  '3': 'c',
  '4': 'b',
  '5': 'd',
  '6': 'p',
  '7': 'C',
  D: 'd',
  M: 'M',
  S: '-',
  V: 'V',
};
/** What owner, group and size take at least, in columns; more from the first entry on that needs more. */
const WIDTH_MIN = 19;

/** Lines in the manner of `tar -tv`: mode, owner and group, size, time in UTC, name, and where links lead. */
export class Listing {
  #width = WIDTH_MIN;
  /** The latest time, which many have in common: to format one takes a quarter of a line's time. */
  #time = { seconds: 0, text: timeText(0) };

  lineOf(entry: ListedEntry): string {
    const owner = `${entry.uname || entry.uid}/${entry.gname || entry.gid}`;
    const size = sizeText(entry);
    this.#width = Math.max(this.#width, owner.length + 1 + size.length);
    const padded = size.padStart(this.#width - owner.length);
    const mode = modeText(LETTERS[entry.typeflag] ?? '?', entry.mode);
    return `${mode} ${owner}${padded} ${this.#timeOf(entry)} ${visible(entry.path)}${targetText(entry)}\n`;
  }

  #timeOf({ mtime }: ListedEntry): string {
    if (this.#time.seconds !== mtime) this.#time = { seconds: mtime, text: timeText(mtime) };
    return this.#time.text;
  }
}

/** A device's numbers stand where others have their size. */
function sizeText({ size, devmajor, devminor }: ListedEntry): string {
  return devmajor === undefined ? String(size) : `${devmajor},${devminor}`;
}

function modeText(letter: string, mode: number): string {
  const triple = (shift: number, special: number, set: string): string => {
    const bits = mode >> shift;
    const isExecutable = (bits & 1) !== 0;
    const last = (mode & special) === 0 ? (isExecutable ? 'x' : '-') : isExecutable ? set : set.toUpperCase();
    return `${(bits & 4) === 0 ? '-' : 'r'}${(bits & 2) === 0 ? '-' : 'w'}${last}`;
  };
  return `${letter}${triple(6, 0o4000, 's')}${triple(3, 0o2000, 's')}${triple(0, 0o1000, 't')}`;
}

/** To the minute, in UTC whatever the time zone here; seconds since 1970 where a date has no room for them. */
function timeText(seconds: number): string {
  const date = new Date(1000 * seconds);
  if (Number.isNaN(date.getTime())) return `@${seconds}`;
  const [day = '', time = ''] = date.toISOString().split('T');
  // A year beyond 9999 has six digits there, and a sign.
  return `${day.replace(/^\+0*/, '')} ${time.slice(0, 'HH:MM'.length)}`;
}

function targetText({ kind, target }: ListedEntry): string {
  if (target === undefined) return '';
  return kind === 'symlink' ? ` -> ${visible(target)}` : ` link to ${visible(target)}`;
}
