/**
 * Builds tars that no program would write, byte by byte; it shares nothing with src/tar. Strings are byte strings: a
 * code unit is a byte.
 */
export interface RawEntry {
  readonly name: string;
  /** Default: `0`. */
  readonly typeflag?: string;
  readonly mode?: number;
  readonly linkname?: string;
  readonly content?: Buffer | string;
  readonly mtime?: number;
  /** What the size field states; default: the content's length. */
  readonly size?: number;
  /** Magic and version, eight bytes; default: GNU's. */
  readonly magic?: string;
  readonly prefix?: string;
  readonly uname?: string;
  readonly gname?: string;
  /** Bytes written over the header last but for the checksum, by their offset. */
  readonly patch?: Readonly<Record<number, string>>;
}

export const GNU_MAGIC = 'ustar  \0';
export const POSIX_MAGIC = 'ustar\x0000';
export const V7_MAGIC = '\0'.repeat(8);
/** pixz's of one member, `a`. */
export const PIXZ_INDEX = Buffer.from('a64c322ed614aedb61000000000000000000000000000000000000', 'hex');

const ZEROS = Buffer.alloc(1024);

/** One header with its padded content. Names of up to 100 bytes. */
export function record(entry: RawEntry): Buffer {
  const content = Buffer.isBuffer(entry.content) ? entry.content : Buffer.from(entry.content ?? '', 'latin1');
  const header = Buffer.alloc(512);
  const put = (at: number, text: string): number => header.write(text, at, 'latin1');
  const octal = (at: number, width: number, value: number): number =>
    put(at, value.toString(8).padStart(width - 1, '0'));
  put(0, entry.name);
  octal(100, 8, entry.mode ?? 0o644);
  octal(108, 8, 0);
  octal(116, 8, 0);
  octal(124, 12, entry.size ?? content.length);
  octal(136, 12, entry.mtime ?? 0);
  put(156, entry.typeflag ?? '0');
  put(157, entry.linkname ?? '');
  put(257, entry.magic ?? GNU_MAGIC);
  put(265, entry.uname ?? '');
  put(297, entry.gname ?? '');
  put(345, entry.prefix ?? '');
  for (const [at, text] of Object.entries(entry.patch ?? {})) put(Number(at), text);
  put(148, ' '.repeat(8));
  put(
    148,
    `${header
      .reduce((sum, byte) => sum + byte, 0)
      .toString(8)
      .padStart(6, '0')}\0 `,
  );
  return Buffer.concat([header, content, Buffer.alloc((512 - (content.length % 512)) % 512)]);
}

/** An entry, with `L` and `K` entries before it where its name or its target need them. */
export function gnuEntry(entry: RawEntry): Buffer {
  const long = (typeflag: string, text: string): Buffer[] =>
    text.length <= 100 ? [] : [record({ name: '././@LongLink', typeflag, content: `${text}\0` })];
  const { name, linkname = '' } = entry;
  const own = record({ ...entry, name: name.slice(0, 100), linkname: linkname.slice(0, 100) });
  return Buffer.concat([...long('K', linkname), ...long('L', name), own]);
}

/** A pax extended header, `x` or global. */
export function paxHeader(records: Readonly<Record<string, string>>, typeflag: 'x' | 'g' = 'x'): Buffer {
  const content = Object.entries(records)
    .map(([keyword, value]) => paxRecord(`${keyword}=${value}`))
    .join('');
  return record({ name: 'PaxHeaders/x', typeflag, content, magic: POSIX_MAGIC });
}

function paxRecord(text: string): string {
  const rest = text.length + 2;
  let length = rest + String(rest).length;
  if (rest + String(length).length !== length) length++;
  return `${length} ${text}\n`;
}

/** A tar of these parts, entries or bytes, with the two records of zeros that end it. */
export function tarOfParts(...parts: readonly (RawEntry | Buffer)[]): Buffer {
  return Buffer.concat([...parts.map(part => (Buffer.isBuffer(part) ? part : gnuEntry(part))), ZEROS]);
}
