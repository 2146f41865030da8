import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { type OpenArchive, withArchive } from '../../../src/archive/reading/open.js';
import { type ErrorCode, KheadersPackError } from '../../../src/errors.js';
import type { ReadingSettings } from '../../../src/model/reading.js';

/** What reading an archive to its end gives. */
export type Outcome =
  | { readonly verdict: 'good'; readonly contents: Buffer; readonly notices: readonly string[] }
  | { readonly verdict: 'failed'; readonly code: ErrorCode; readonly reason: string; readonly offset: number };

/** Settings as the options would give them, with one worker. */
export function settingsFor(source: ReadingSettings['source'], change: Partial<ReadingSettings> = {}): ReadingSettings {
  return {
    source,
    jobs: 1,
    memoryLimit: 512 * 2 ** 20,
    signal: new AbortController().signal,
    onProgress: () => undefined,
    onNotice: () => undefined,
    ...change,
  };
}

export function fromFile(path: string, change: Partial<ReadingSettings> = {}): ReadingSettings {
  return settingsFor({ kind: 'file', path }, change);
}

/** The same bytes through a pipe, in pieces of `pieceSize`. */
export function fromPipe(
  bytes: Uint8Array,
  change: Partial<ReadingSettings> = {},
  pieceSize = 2 ** 16,
): ReadingSettings {
  const pieces = function* (): Generator<Uint8Array, void, undefined> {
    for (let at = 0; at < bytes.length; at += pieceSize) yield bytes.subarray(at, at + pieceSize);
  };
  const readable = Readable.from(pieces(), { objectMode: false });
  return settingsFor({ kind: 'readable', readable, name: 'a pipe' }, change);
}

/** Writes a file for a test. */
export function fileOf(directory: string, name: string, bytes: Uint8Array): string {
  const path = join(directory, name);
  writeFileSync(path, bytes);
  return path;
}

export async function contentsOf(archive: OpenArchive): Promise<Buffer> {
  const pieces: Uint8Array[] = [];
  for await (const piece of archive.read()) pieces.push(piece);
  return Buffer.concat(pieces);
}

/** Reads an archive to its end. What is not an error of ours is thrown on. */
export async function outcomeOf(settings: ReadingSettings): Promise<Outcome> {
  const notices: string[] = [];
  const noting = { ...settings, onNotice: (notice: string) => void notices.push(notice) };
  try {
    return { verdict: 'good', contents: await withArchive(noting, contentsOf), notices };
  } catch (error) {
    if (!(error instanceof KheadersPackError)) throw error;
    const { reason = '', offset = -1 } = error.facts as { reason?: string; offset?: number };
    return { verdict: 'failed', code: error.code, reason, offset };
  }
}
