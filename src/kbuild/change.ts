import { type BigIntStats, readFileSync, statSync } from 'node:fs';
import { type BytePath, printable } from '../bytes/bytePath.js';
import type { SelectedFile } from '../model/plan.js';
import { isRacy, lastChange, stampOf } from '../tree/stamp.js';
import { type RecordedFile, recordedFiles, type State } from './state.js';

/** Everything that has to be as it was. */
export interface Present {
  /** Everything beside the files that the archive depends on. */
  readonly settings: string;
  /** The target's path. */
  readonly target: string;
}

/** Why the archive has to be made, or that it need not be; then with what is to be recorded anew. */
export type Change =
  | { readonly isChanged: true; readonly reason: string }
  | { readonly isChanged: false; readonly files: ReadonlyMap<BytePath, RecordedFile> };

/**
 * Whether the stamps alone show that nothing changed. Where they do not, `findChange` has to look closer.
 *
 * @param list the files that are there, as `fileList` gives them
 */
export function isSurelyUnchanged(state: State, present: Present, list: string): boolean {
  const { settings, taken, target, lastChange: last } = state.summary;
  return (
    settings === present.settings &&
    list === state.list &&
    !isRacy(last, taken) &&
    stampAt(present.target) === target.stamp &&
    !isRacy(lastChange(target.stamp), taken)
  );
}

/**
 * Whether anything changed since the last run. Files are told apart by their stamps; where a stamp differs, or could hide
 * a change (it was taken just after the file had changed), the content decides.
 *
 * @param read gives a file's fingerprint
 */
export async function findChange(
  state: State | null,
  present: Present,
  files: ReadonlyMap<BytePath, SelectedFile>,
  read: (file: SelectedFile) => string,
): Promise<Change> {
  if (state === null) return changed('no record of the last run');
  const { settings, taken, target } = state.summary;
  if (settings !== present.settings) {
    // Loaded here only: a build in which nothing changed has no use for it.
    const { settingsChange } = await import('./settingsChange.js');
    return changed(settingsChange(settings, present.settings));
  }
  const stamp = stampAt(present.target);
  if (stamp === null) return changed('target missing');
  const isSure = stamp === target.stamp && !isRacy(lastChange(stamp), taken);
  if (!isSure && (await digestOf(present.target)) !== target.digest) return changed('target changed');
  const recorded = recordedFiles(state);
  const gone = [...recorded.keys()].find(path => !files.has(path));
  if (gone !== undefined) return changed(`${printable(gone)} gone`);
  const renewed = new Map<BytePath, RecordedFile>();
  for (const [path, file] of files) {
    const before = recorded.get(path);
    if (before === undefined) return changed(printable(path));
    const isSuspect = before.stamp !== file.stamp || isRacy(lastChange(file.stamp), taken);
    if (isSuspect && read(file) !== before.fingerprint) return changed(printable(path));
    renewed.set(path, { stamp: file.stamp, fingerprint: before.fingerprint });
  }
  return { isChanged: false, files: renewed };
}

/** Follows symbolic links, as writing the target does. Null when there is nothing, or no regular file. */
export function stampAt(path: string): string | null {
  let stats: BigIntStats | undefined;
  try {
    stats = statSync(path, { bigint: true, throwIfNoEntry: false });
  } catch {
    // A link that leads nowhere, into itself say: what is wrong with it tells whoever writes there.
    return null;
  }
  return stats?.isFile() === true ? stampOf(stats) : null;
}

function changed(reason: string): Change {
  return { isChanged: true, reason };
}

async function digestOf(path: string): Promise<string> {
  const { createHash } = await import('node:crypto');
  return createHash('sha256').update(readFileSync(path)).digest('hex');
}
