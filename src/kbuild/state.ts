import { readFileSync } from 'node:fs';
import { replaceFile } from '../archive/temporary.js';
import { type BytePath, fromLatin1 } from '../bytes/bytePath.js';
import { number, object, oneOf, type Shape, sha256, text } from '../bytes/jsonShape.js';
import { lastChange } from '../tree/stamp.js';

/**
 * What a run made, and of what: enough for the next to know that nothing changed. Stored as one line of JSON, then the
 * files, then their fingerprints, each ended by a NUL byte.
 */
export interface State {
  readonly summary: StateSummary;
  /** The files with their stamps, as `fileList` writes them. */
  readonly list: string;
  /** In the list's order: what each file gave the archive (`fingerprint.ts`), each ended by a NUL byte. */
  readonly fingerprints: string;
}

export interface StateSummary {
  readonly schema: typeof SCHEMA;
  /** Everything beside the files that the archive depends on. */
  readonly settings: string;
  /** When the stamps were taken, in milliseconds since 1970. */
  readonly taken: number;
  /** When the file that changed last did so, likewise. */
  readonly lastChange: number;
  readonly target: RecordedTarget;
}

export interface RecordedTarget {
  readonly stamp: string;
  /** SHA-256 of the archive, in hexadecimal. */
  readonly digest: string;
}

/** A file as it was recorded. */
export interface RecordedFile {
  readonly stamp: string;
  readonly fingerprint: string;
}

const SCHEMA = 'kheaders-pack/kbuild/1';
/** Only `writeState` writes it, but the file lies in the build's directory, where anything may happen to it. */
const SUMMARY: Shape<StateSummary> = object<StateSummary>({
  schema: oneOf(SCHEMA),
  settings: text,
  taken: number,
  lastChange: number,
  target: object<RecordedTarget>({ stamp: text, digest: sha256 }),
});
const NEWLINE = 0x0a;
/** Between a file list and the fingerprints: no stamp is empty. */
const LIST_END = '\0';

/** Files with their stamps, in the order in which they were found, as one string to be compared. */
export function fileList(stamps: ReadonlyMap<BytePath, string>): string {
  let list = '';
  for (const [path, stamp] of stamps) list += `${stamp} ${path}\0`;
  return list;
}

/** @param files each file's stamp and fingerprint, in any order */
export function newState(
  summary: Omit<StateSummary, 'schema' | 'lastChange'>,
  files: ReadonlyMap<BytePath, RecordedFile>,
): State {
  const recorded = [...files.values()];
  const last = recorded.reduce((latest, { stamp }) => Math.max(latest, lastChange(stamp)), 0);
  return {
    summary: { schema: SCHEMA, ...summary, lastChange: last },
    list: fileList(new Map(Array.from(files, ([path, { stamp }]) => [path, stamp]))),
    fingerprints: recorded.map(({ fingerprint }) => `${fingerprint}\0`).join(''),
  };
}

/** The recorded files by path. */
export function recordedFiles(state: State): Map<BytePath, RecordedFile> {
  const fingerprints = state.fingerprints.split('\0');
  const entries = state.list.split('\0').slice(0, -1);
  return new Map(
    entries.map((entry, i) => {
      const [, stamp = '', path = ''] = /^(\d+ \d+ \d+ \d+ \d+) (.*)$/s.exec(entry) ?? [];
      return [fromLatin1(path), { stamp, fingerprint: fingerprints[i] ?? '' }];
    }),
  );
}

/**
 * The last run's state, or null: there was none, it was gen_kheaders.sh's, or it is damaged. All mean packing again. Lines
 * that a crash left unwritten make the list another one.
 */
export function readState(path: string): State | null {
  try {
    const bytes = readFileSync(path);
    const newline = bytes.indexOf(NEWLINE);
    const summary = SUMMARY(JSON.parse(bytes.toString('utf8', 0, newline)), '');
    const [list = '', fingerprints = ''] = halves(bytes.toString('latin1', newline + 1));
    return { summary, list, fingerprints };
  } catch {
    return null;
  }
}

/** @throws KheadersPackError `E_WRITE` */
export function writeState(path: string, state: State): void {
  const files = Buffer.from(`${state.list}${LIST_END}${state.fingerprints}`, 'latin1');
  replaceFile(path, Buffer.concat([Buffer.from(`${JSON.stringify(state.summary)}\n`), files]));
}

function halves(text: string): [string, string] {
  const at = text.indexOf(`\0${LIST_END}`);
  return at < 0 ? ['', ''] : [text.slice(0, at + 1), text.slice(at + 2)];
}
