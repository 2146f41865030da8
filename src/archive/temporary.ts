import { closeSync, mkdirSync, openSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { KheadersPackError, systemReason } from '../errors.js';
import { forgetTemporary, noteTemporary } from './temporaryFiles.js';

/**
 * Temporary files that become archives. Their names begin with what `make clean` removes in a kernel tree, and say which
 * process writes them (its number, and when it started, since numbers are used again): so a later run can tell what a
 * dead one left from what a live one needs. Processes of another host or container count as dead; who shares an output
 * directory between those must not write the same archive from both at a time.
 */
const PREFIX = '.tmp_';

/** Temporary files made so far: no two of a process have the same name. */
let made = 0;

/** Makes an empty temporary file beside `target` and returns its path. */
export function makeTemporary(target: string): string {
  const path = temporaryPath(target);
  // Made and noted in one turn: a signal finds either no file or a noted one.
  closeSync(openSync(path, 'wx', 0o666));
  noteTemporary(path);
  return path;
}

/** The same for a directory. */
export function makeTemporaryDirectory(target: string): string {
  const path = temporaryPath(target);
  mkdirSync(path);
  noteTemporary(path);
  return path;
}

export function removeTemporary(path: string): void {
  rmSync(path, { recursive: true, force: true });
  forgetTemporary(path);
}

/**
 * Writes a small file whole or not at all. It is not synced: after a crash of the system it may be damaged.
 *
 * @throws KheadersPackError `E_WRITE`
 */
export function replaceFile(path: string, content: string | Uint8Array): void {
  let temporary: string | null = null;
  try {
    temporary = makeTemporary(path);
    writeFileSync(temporary, content);
    renameSync(temporary, path);
    forgetTemporary(temporary);
  } catch (error) {
    if (temporary !== null) removeTemporary(temporary);
    throw new KheadersPackError('E_WRITE', { path, reason: systemReason(error) }, { cause: error });
  }
}

/**
 * Removes temporary files for `targets`, all in one directory, that processes left which were killed outright.
 *
 * @throws KheadersPackError `E_WRITE` when there is no such directory
 */
export function removeLeftBehind(directory: string, targets: readonly string[]): void {
  const prefixes = targets.map(prefixOf);
  for (const name of namesIn(directory)) {
    const prefix = prefixes.find(each => name.startsWith(each));
    const [, pid, start] =
      prefix === undefined ? [] : (/^(\d+)-(\d+)\.\d+(?:\.old)?$/.exec(name.slice(prefix.length)) ?? []);
    if (pid !== undefined && startOf(Number(pid)) !== start) rmSync(join(directory, name), { force: true });
  }
}

function temporaryPath(target: string): string {
  return join(dirname(target), `${prefixOf(target)}${process.pid}-${startOf(process.pid)}.${++made}`);
}

function namesIn(directory: string): string[] {
  try {
    return readdirSync(directory);
  } catch (error) {
    throw new KheadersPackError('E_WRITE', { path: directory, reason: systemReason(error) }, { cause: error });
  }
}

function prefixOf(target: string): string {
  return `${PREFIX}${basename(target)}.`;
}

/** When a process started, in clock ticks since the system did; the empty string where there is none. See proc(5). */
function startOf(pid: number): string {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'latin1');
    // The command's name, in parentheses, may hold anything; 20 fields behind it stands the start.
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19] ?? '';
  } catch {
    return '';
  }
}
