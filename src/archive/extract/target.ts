import { randomBytes } from 'node:crypto';
import {
  closeSync,
  constants,
  fchmodSync,
  futimesSync,
  linkSync,
  lstatSync,
  lutimesSync,
  openSync,
  renameSync,
  rmSync,
  symlinkSync,
} from 'node:fs';
import { type BytePath, baseOf, fromUtf8, parentOf, toBuffer } from '../../bytes/bytePath.js';
import { KheadersPackError, systemCode, systemReason } from '../../errors.js';
import { atSuddenEnd } from '../../flow/suddenEnd.js';
import { forgetTemporary, makeNoted, noteTemporary } from '../temporaryFiles.js';
import { CreatedFile, timeOf } from './createdFile.js';
import { Directories, type Directory, locate } from './directories.js';
import { Refusal } from './refusal.js';

/** Permission bits and time of what is written. */
export interface Attributes {
  /** The umask applies to it, for root too. */
  readonly mode: number;
  /** Seconds since 1970. */
  readonly mtime: number;
}

const CREATE_NEW = constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL | constants.O_NOFOLLOW;
/** What a directory needs while files are put into it. */
const OWNER_ALL = 0o700;
const PERMISSIONS = 0o777;
const TOP = fromUtf8('');
const ONE_NAME_WHERE_FOLDED = [
  ['a', 'A'],
  ['\u00e9', 'e\u0301'],
] as const;
/** As `make clean` removes them in a kernel tree, should a run be killed outright. */
const TEMPORARY_PREFIX = '.tmp_kheaders-pack.';

/**
 * The directory that an archive is extracted into. Everything is created anew, with `O_EXCL` and below directories that
 * are held open (see `Directories`). Where there is something of that name already, the new file is made under a
 * temporary name and takes its place with a rename: who looks finds the old one or the new one, a link that was there is
 * replaced and never written through, and a directory is never replaced.
 *
 * Four system calls make a file: open, write, set the time, close. Its permission bits are given at `open`.
 *
 * Owners are not set: files are the user's who extracts them, root or not.
 */
export class Target {
  readonly #directories: Directories;
  readonly #umask: number;
  /** Access time of what is written, in seconds since 1970. */
  readonly #now: number;
  /** What the archive says of directories, set when all is in them; a mode that is null is right already. */
  readonly #stated = new Map<BytePath, { readonly mode: number | null; readonly mtime: number }>();
  readonly #letSignalsEnd: () => void;

  /** @throws KheadersPackError `E_WRITE` */
  constructor(path: string, umask: number, now: number) {
    this.#directories = new Directories(path);
    this.#umask = umask;
    this.#now = now;
    // From here on signals are taken between turns: what is made within one is whole when they are.
    this.#letSignalsEnd = atSuddenEnd(() => undefined);
  }

  /**
   * Whether the target's file system takes names for one that differ in case or in Unicode normalisation alone. It is
   * tried out. A directory that was there before may have a rule of its own on a few file systems (ext4's casefold).
   */
  isFolding(): boolean {
    return ONE_NAME_WHERE_FOLDED.some(([name, other]) => this.#isOneName(name, other));
  }

  /** A path below the target, for messages. */
  nameOf(path: BytePath): string {
    return this.#directories.nameOf(path);
  }

  directory(path: BytePath, attributes: Attributes): void {
    const { mode, mtime } = attributes;
    const wasOurs = this.#directories.isOurs(path);
    this.#try(path, () => this.#directories.at(path, mode | OWNER_ALL));
    const isOurs = this.#directories.isOurs(path);
    const isRight = !isOurs || (!wasOurs && (mode & OWNER_ALL) === OWNER_ALL);
    this.#stated.set(path, { mode: isRight ? null : mode & PERMISSIONS & ~this.#umask, mtime });
  }

  /** Writes a regular file. Until its content is whole, nothing of that name is left behind by a failure or a signal. */
  file(path: BytePath, attributes: Attributes, content: Uint8Array): void {
    this.#try(path, () => {
      const made = this.#create(path, attributes.mode);
      try {
        made.write(content);
        made.finish(this.#now, attributes.mtime);
      } catch (error) {
        made.abandon();
        throw error;
      }
    });
  }

  /** As `file`, with a content that comes in pieces. */
  async fileOf(path: BytePath, attributes: Attributes, content: AsyncIterable<Uint8Array>): Promise<void> {
    const made = this.#try(path, () => this.#create(path, attributes.mode));
    noteTemporary(made.location);
    try {
      for await (const part of content) this.#try(path, () => made.write(part));
      this.#try(path, () => made.finish(this.#now, attributes.mtime));
    } catch (error) {
      made.abandon();
      throw error;
    } finally {
      forgetTemporary(made.location);
    }
  }

  symbolicLink(path: BytePath, target: BytePath, mtime: number): void {
    this.#try(path, () => {
      this.#place(path, location => {
        symlinkSync(toBuffer(target), location);
        lutimesSync(location, this.#now, timeOf(mtime));
      });
    });
  }

  /** Makes `path` another name of the file that `existing` is. */
  hardLink(path: BytePath, existing: BytePath): void {
    this.#try(path, () => {
      this.#directories.located(existing, from => this.#place(path, location => linkSync(from, location)));
    });
  }

  /**
   * Gives the directories the permission bits and times that the archive states, each before those above it, with whose path
   * its own begins: they may not let anybody in any more when theirs are set. A directory that was there before keeps
   * its permission bits, the target all that it has.
   */
  finish(): void {
    const deepestFirst = [...this.#stated].sort(([a], [b]) => (a < b ? 1 : -1));
    for (const [path, { mode, mtime }] of deepestFirst) {
      if (path === '' && !this.#directories.isOurs(path)) continue;
      this.#try(path, () => {
        if (path !== '' && mode === null) {
          this.#directories.located(path, location => lutimesSync(location, this.#now, timeOf(mtime)));
          return;
        }
        const { descriptor } = this.#directories.at(path, PERMISSIONS);
        futimesSync(descriptor, this.#now, timeOf(mtime));
        if (mode !== null) fchmodSync(descriptor, mode);
      });
    }
  }

  close(): void {
    this.#letSignalsEnd();
    this.#directories.close();
  }

  /** Takes the directory away again that was made for nothing. */
  removeIfEmpty(): void {
    this.#directories.removeIfEmpty();
  }

  #isOneName(name: string, other: string): boolean {
    const top = this.#directories.at(TOP, PERMISSIONS);
    const prefix = `${TEMPORARY_PREFIX}${randomBytes(6).toString('hex')}`;
    const made = locate(top, fromUtf8(prefix + name));
    return this.#try(TOP, () => {
      let descriptor: number;
      try {
        descriptor = makeNoted(made, () => openSync(made, CREATE_NEW, OWNER_ALL));
      } catch (error) {
        // Not every file system takes every character; such names cannot be one there.
        if (['EILSEQ', 'EINVAL'].includes(systemCode(error))) return false;
        throw error;
      }
      try {
        closeSync(descriptor);
        return lstatSync(locate(top, fromUtf8(prefix + other)), { throwIfNoEntry: false }) !== undefined;
      } finally {
        rmSync(made, { force: true });
        forgetTemporary(made);
      }
    });
  }

  #create(path: BytePath, mode: number): CreatedFile {
    const directory = this.#directories.at(parentOf(path), PERMISSIONS);
    const location = locate(directory, baseOf(path));
    try {
      return new CreatedFile(openSync(location, CREATE_NEW, mode), location, null);
    } catch (error) {
      if (systemCode(error) !== 'EEXIST') throw error;
      const temporary = temporaryName(directory);
      return new CreatedFile(openSync(temporary, CREATE_NEW, mode), temporary, location);
    }
  }

  /** Makes something under its name, or under a temporary one that then takes the place of what is there. */
  #place(path: BytePath, make: (location: string | Buffer) => void): void {
    const directory = this.#directories.at(parentOf(path), PERMISSIONS);
    const location = locate(directory, baseOf(path));
    try {
      make(location);
      return;
    } catch (error) {
      if (systemCode(error) !== 'EEXIST') throw error;
    }
    const temporary = temporaryName(directory);
    try {
      makeNoted(temporary, () => make(temporary));
      renameSync(temporary, location);
    } finally {
      // A rename onto another name of the same file leaves both.
      rmSync(temporary, { force: true });
      forgetTemporary(temporary);
    }
  }

  #try<T>(path: BytePath, work: () => T): T {
    try {
      return work();
    } catch (error) {
      if (error instanceof Refusal) throw error;
      const facts = { path: this.nameOf(path), reason: systemReason(error) };
      throw new KheadersPackError('E_WRITE', facts, { cause: error });
    }
  }
}

function temporaryName(directory: Directory): string | Buffer {
  return locate(directory, fromUtf8(`${TEMPORARY_PREFIX}${randomBytes(6).toString('hex')}`));
}
