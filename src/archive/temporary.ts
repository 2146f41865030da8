import { randomBytes } from 'node:crypto';
import {
  closeSync,
  lstatSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { KheadersPackError, systemReason } from '../errors.js';
import { forgetTemporary, makeNoted } from './temporaryFiles.js';

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
  const descriptor = makeNoted(path, () => openSync(path, 'wx', 0o666));
  try {
    closeSync(descriptor);
  } catch (error) {
    removeTemporary(path);
    throw error;
  }
  return path;
}

/** The same for a directory. */
export function makeTemporaryDirectory(target: string): string {
  const path = temporaryPath(target);
  makeNoted(path, () => mkdirSync(path));
  return path;
}

/**
 * Makes a directory of a name of its own in the system's directory for temporary files.
 *
 * @throws KheadersPackError `E_WRITE`
 */
export function makeScratchDirectory(purpose: string): string {
  const path = join(tmpdir(), `kheaders-pack-${purpose}-${randomBytes(6).toString('hex')}`);
  try {
    makeNoted(path, () => mkdirSync(path, 0o700));
    return path;
  } catch (error) {
    throw new KheadersPackError('E_WRITE', { path, reason: systemReason(error) }, { cause: error });
  }
}

/** Removes it where that is possible: what went wrong before, or what was done, is more worth telling than that it stays. */
export function removeTemporary(path: string): void {
  try {
    rmSync(path, { recursive: true, force: true });
  } catch {
    // A later run to the same output may be able to.
  }
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

/** Milliseconds after which what nobody here writes any more is nobody's elsewhere either. */
const ABANDONED_AFTER = 3_600_000;

/**
 * Removes what processes left for `target` that were killed outright. One that is not of this host or container is not
 * seen, so only what has not been written to for an hour goes. What cannot be removed stays: it is in nobody's way.
 */
export function removeAbandoned(target: string): void {
  const isOld = (path: string): boolean => Date.now() - lstatSync(path).mtimeMs > ABANDONED_AFTER;
  try {
    removeLeft(dirname(target), [target], isOld);
  } catch {
    // That the directory cannot be read, or written to, is told by who writes to it.
  }
}

/**
 * Removes temporary files for `targets`, all in one directory, that processes left which were killed outright.
 *
 * @throws KheadersPackError `E_WRITE` when there is no such directory
 */
export function removeLeftBehind(directory: string, targets: readonly string[]): void {
  removeLeft(directory, targets, () => true);
}

function removeLeft(directory: string, targets: readonly string[], isToGo: (path: string) => boolean): void {
  const prefixes = targets.map(prefixOf);
  for (const name of namesIn(directory)) {
    const prefix = prefixes.find(each => name.startsWith(each));
    const [, pid, start] =
      prefix === undefined ? [] : (/^(\d+)-(\d+)\.\d+(?:\.old)?$/.exec(name.slice(prefix.length)) ?? []);
    const path = join(directory, name);
    if (pid !== undefined && startOf(Number(pid)) !== start && isToGo(path)) {
      rmSync(path, { force: true, recursive: true });
    }
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
