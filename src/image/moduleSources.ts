import { createHash } from 'node:crypto';
import { copyFileSync, createReadStream, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { requireVerified } from '../archive/reading/checkContainer.js';
import { withArchive } from '../archive/reading/open.js';
import { readablePieces } from '../archive/reading/readable.js';
import { makeTemporaryDirectory, removeAbandoned, removeTemporary } from '../archive/temporary.js';
import { forgetTemporary } from '../archive/temporaryFiles.js';
import { KheadersPackError, systemCode, systemReason } from '../errors.js';
import type { ModuleSummary } from '../model/moduleSummary.js';
import type { ArchiveSource, ReadingSettings } from '../model/reading.js';
import type { ModuleSettings } from '../settings/module.js';
import { readTar } from '../tar/readTar.js';
import { packageFile } from '../version.js';

/** What the module is built from; each is a file of ours. */
const SOURCES = ['Kbuild', 'Makefile', 'README', 'kheaders_archive.c'] as const;
/** As `Kbuild` names it. */
const ARCHIVE = 'kheaders.tar.xz';
const FILES = [...SOURCES, ARCHIVE].sort();

/**
 * Writes the sources of a module that shows the archive as /sys/kernel/kheaders.tar.xz. They are written beside the
 * directory, and get its name when all is there and the archive, read to its end, is good: there is never half of it.
 *
 * @throws KheadersPackError `E_BAD_XZ`, `E_BAD_TAR`, `E_UNSUPPORTED_XZ` and others of the archive; `E_WRITE`
 */
export async function writeModule(settings: ModuleSettings): Promise<ModuleSummary> {
  const { directory, reading } = settings;
  const isThere = requireFree(directory);
  let temporary: string | null = null;
  try {
    removeAbandoned(directory);
    temporary = makeTemporaryDirectory(directory);
    const copy = join(temporary, ARCHIVE);
    const archive = await copyArchive(reading, copy);
    // The copy is what goes into the module: the archive itself may change meanwhile, or be a pipe.
    await requireGood(reading, copy);
    for (const name of SOURCES) copyFileSync(packageFile(`src/image/module/${name}`), join(temporary, name));
    if (isThere) {
      moveInto(directory, temporary);
      removeTemporary(temporary);
    } else {
      renameSync(temporary, directory);
      forgetTemporary(temporary);
    }
    return { schema: 'kheaders-pack/module/1', directory, archive, files: FILES };
  } catch (error) {
    if (temporary !== null) removeUnfinished(temporary);
    throw writeError(directory, error);
  }
}

/** Whether the directory is there, as it may be when it is empty. */
function requireFree(directory: string): boolean {
  try {
    if (readdirSync(directory).length === 0) return true;
  } catch (error) {
    if (systemCode(error) === 'ENOENT') return false;
    throw writeError(directory, error);
  }
  const reason = 'it is not empty (name a new or empty directory with -C)';
  throw new KheadersPackError('E_WRITE', { path: directory, reason });
}

/** An empty directory stays the one it is: somebody may be in it. */
function moveInto(directory: string, temporary: string): void {
  const moved: string[] = [];
  try {
    for (const name of FILES) {
      renameSync(join(temporary, name), join(directory, name));
      moved.push(name);
    }
  } catch (error) {
    for (const name of moved) rmSync(join(directory, name), { force: true });
    throw error;
  }
}

/** Its files by name: what is in a directory cannot be asked without a descriptor, and want of one may be what went wrong. */
function removeUnfinished(temporary: string): void {
  try {
    for (const name of FILES) rmSync(join(temporary, name), { force: true });
  } catch {
    // What stands in the way of one stands in the way of all.
  }
  removeTemporary(temporary);
}

async function copyArchive(reading: ReadingSettings, copy: string): Promise<ModuleSummary['archive']> {
  const { source, signal } = reading;
  const hash = createHash('sha256');
  let size = 0;
  // Made in this turn: what another thread makes, a signal could find half of.
  writeFileSync(copy, '', { flag: 'wx' });
  const file = await open(copy, 'r+');
  try {
    // Opened only now: it may fail at once, and nobody would be listening yet.
    for await (const piece of readablePieces(readableOf(source), nameOf(source), signal)) {
      hash.update(piece);
      size += piece.length;
      await file.writeFile(piece);
    }
    await file.sync();
  } finally {
    await file.close();
  }
  return { size, sha256: hash.digest('hex') };
}

function readableOf(source: ArchiveSource): Readable {
  switch (source.kind) {
    case 'file':
      return createReadStream(source.path);
    case 'bytes':
      return Readable.from([source.bytes]);
    case 'readable':
      return source.readable;
  }
}

/** Reads the copy from its first byte to its last: container, Checks, and the tar inside. */
async function requireGood(reading: ReadingSettings, copy: string): Promise<void> {
  const name = nameOf(reading.source);
  const settings = { ...reading, source: { kind: 'readable', readable: createReadStream(copy), name } } as const;
  await withArchive(settings, async archive => {
    for await (const _ of readTar(archive.pass(), name)) {
      // That every entry was given means that the tar is whole.
    }
    requireVerified(archive.container, name);
  });
}

function nameOf(source: ArchiveSource): string {
  return source.kind === 'file' ? source.path : source.name;
}

function writeError(path: string, error: unknown): KheadersPackError {
  if (error instanceof KheadersPackError) return error;
  return new KheadersPackError('E_WRITE', { path, reason: systemReason(error) }, { cause: error });
}
