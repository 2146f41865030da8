import { closeSync, openSync, readFileSync, statSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { fromLatin1 } from '../../src/bytes/bytePath.js';
import { type EntryMetadata, endOfArchiveSize, entrySize, writeEntryHeaders } from '../../src/tar/entryHeader.js';

/** Bytes of each file. */
const FILE_SIZE = 100_000;
const FILES_PER_DIRECTORY = 1000;
/** Entries are written when this many bytes have come together. */
const BATCH = 8 * 2 ** 20;

/** A tree's tar as one program after another would have it: directories before their files, and no two files the same. */
export interface LargeTar {
  readonly files: number;
  readonly directories: number;
  readonly bytes: number;
}

/** Writes a tar of some `bytes`. Its text compresses to a hundredth, so that reading it takes most of the time. */
export function writeLargeTar(path: string, bytes: number): LargeTar {
  const files = Math.ceil(bytes / FILE_SIZE);
  const descriptor = openSync(path, 'wx');
  let [size, directories] = [0, 0];
  let pending: Buffer[] = [];
  let held = 0;
  const put = (metadata: EntryMetadata, content: Buffer): void => {
    const entry = Buffer.alloc(entrySize(metadata));
    content.copy(entry, writeEntryHeaders(metadata, entry, 0));
    pending.push(entry);
    held += entry.length;
    size += entry.length;
    if (held >= BATCH) flush();
  };
  const flush = (): void => {
    const batch = Buffer.concat(pending);
    for (let at = 0; at < batch.length; ) at += writeSync(descriptor, batch, at);
    [pending, held] = [[], 0];
  };
  const common = { mtime: 1_700_000_000, linkname: fromLatin1('') };
  put({ ...common, name: fromLatin1('./'), typeflag: '5', mode: 0o755, size: 0 }, Buffer.alloc(0));
  for (let file = 0; file < files; file++) {
    if (file % FILES_PER_DIRECTORY === 0) {
      const name = fromLatin1(`./${directoryOf(file)}/`);
      put({ ...common, name, typeflag: '5', mode: 0o755, size: 0 }, Buffer.alloc(0));
      directories++;
    }
    const name = fromLatin1(`./${nameOf(file)}`);
    put({ ...common, name, typeflag: '0', mode: 0o644, size: FILE_SIZE }, contentOf(file));
  }
  pending.push(Buffer.alloc(endOfArchiveSize(size)));
  size += pending.at(-1)?.length ?? 0;
  flush();
  closeSync(descriptor);
  return { files, directories: directories + 1, bytes: size };
}

/** What is not as the tar has it, of the files that were extracted to a directory: all sizes, every hundredth's bytes. */
export function wrongFiles(directory: string, { files }: LargeTar): string[] {
  const wrong: string[] = [];
  for (let file = 0; file < files; file++) {
    const path = join(directory, nameOf(file));
    const isRight =
      file % 100 === 0
        ? readFileSync(path).equals(contentOf(file))
        : statSync(path, { throwIfNoEntry: false })?.size === FILE_SIZE;
    if (!isRight) wrong.push(path);
  }
  return wrong;
}

function directoryOf(file: number): string {
  return `d${Math.floor(file / FILES_PER_DIRECTORY)}`;
}

function nameOf(file: number): string {
  return `${directoryOf(file)}/f${file}.h`;
}

const LINES = Buffer.from(Array.from({ length: 4000 }, (_, i) => `#define SOME_NAME_${i * 7919} ${i}\n`).join(''));

function contentOf(file: number): Buffer {
  const content = Buffer.alloc(FILE_SIZE);
  const at = content.write(`/* file ${file} */\n`);
  LINES.copy(content, at, (file * 31) % 10_000);
  return content;
}
