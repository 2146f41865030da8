import { fromLatin1, fromUtf8, toJson } from '../../bytes/bytePath.js';
import {
  count,
  flag,
  list,
  object,
  oneOf,
  optional,
  type Shape,
  ShapeError,
  sha256,
  text,
  whole,
} from '../../bytes/jsonShape.js';
import { KheadersPackError } from '../../errors.js';
import type { Manifest, ManifestBlock, ManifestEntry, ManifestSettings } from '../../model/manifest.js';
import { MTIME_MAX } from '../../tar/entryHeader.js';
import { isPlain } from '../reading/memberName.js';
import { requireCompression } from './compression.js';
import { requireConsistent } from './consistency.js';
import { entryPath, pathOfBase64 } from './paths.js';
import { requireSelection } from './selection.js';

const MODE_MAX = 0o7777;
const SCHEMA = 'kheaders-pack/manifest/1';

const SETTING_FIELDS: Shape<ManifestSettings> = object<ManifestSettings>({
  blockSize: count,
  encoding: object<ManifestSettings['encoding']>({
    codec: object<ManifestSettings['encoding']['codec']>({ name: text, version: text }),
    lzma2: object<ManifestSettings['encoding']['lzma2']>({
      dictionarySize: count,
      lc: whole(0, 4),
      lp: whole(0, 4),
      pb: whole(0, 4),
      mode: oneOf('fast', 'normal', 'max'),
      niceLength: whole(2, 273),
      matchFinder: oneOf('hc3', 'hc4', 'bt2', 'bt3', 'bt4', 'radix'),
      depth: whole(0, 2 ** 31 - 1),
    }),
    check: oneOf('none', 'crc32', 'crc64', 'sha256'),
  }),
  kernels: list(object<ManifestSettings['kernels'][number]>({ name: text, srcarch })),
  profile: oneOf('headers', 'modules', 'all'),
  symvers: flag,
  listed: flag,
  include: list(text),
  exclude: list(text),
  strip: oneOf('none', 'kernel', 'comments', 'tokens'),
  order: oneOf('gnu', 'files-first', 'versions'),
  dedup: flag,
  mtime: whole(0, MTIME_MAX),
});

const BLOCK: Shape<ManifestBlock> = object<ManifestBlock>({
  offset: count,
  unpaddedSize: count,
  uncompressedOffset: count,
  uncompressedSize: count,
  sha256,
});

const ENTRY_FIELDS: Shape<ManifestEntry> = object<ManifestEntry>({
  path: text,
  pathBase64: optional(text),
  kind: oneOf('directory', 'regular', 'symlink', 'hardlink'),
  mode: whole(0, MODE_MAX),
  size: count,
  block: count,
  offset: count,
  target: optional(text),
  targetBase64: optional(text),
  sha256: optional(sha256),
  sourceSize: optional(count),
  sourceSha256: optional(sha256),
});

const MANIFEST: Shape<Manifest> = object<Manifest>({
  schema: oneOf(SCHEMA),
  tool: object<Manifest['tool']>({ name: text, version: text }),
  formatVersion: count,
  settings,
  archive: object<Manifest['archive']>({ size: count, sha256 }),
  tar: object<Manifest['tar']>({ size: count }),
  blocks: list(BLOCK),
  entries: list(entry),
});

/**
 * Reads a manifest that nobody vouches for: every field has its type and range, and they agree with each other. White
 * space, the order of properties and properties of later versions do not matter.
 *
 * @param name for messages
 * @throws KheadersPackError `E_MANIFEST`
 */
export function parseManifest(json: string, name: string): Manifest {
  try {
    const value: unknown = JSON.parse(json);
    const manifest = MANIFEST(value, '');
    requireConsistent(manifest);
    return manifest;
  } catch (error) {
    if (error instanceof ShapeError) throw refused(name, error.message, error);
    if (error instanceof SyntaxError) throw refused(name, 'it is no JSON', error);
    throw error;
  }
}

function settings(value: unknown, at: string): ManifestSettings {
  const fields = SETTING_FIELDS(value, at);
  requireCompression(fields, at);
  requireSelection(fields, at);
  return fields;
}

/** The directory under `arch/`, or nothing: with a slash or `..` it would lead out of the tree. */
function srcarch(value: unknown, at: string): string {
  const name = text(value, at);
  if (name === '' || (isPlain(fromUtf8(name)) && !name.includes('/'))) return name;
  throw new ShapeError(`${at}: expected the name of a directory, found ${JSON.stringify(name)}`);
}

function entry(value: unknown, at: string): ManifestEntry {
  const fields = ENTRY_FIELDS(value, at);
  requirePath(fields.path, fields.pathBase64, `${at}.path`);
  requireInside(fields, `${at}.path`);
  const isLink = fields.kind === 'symlink' || fields.kind === 'hardlink';
  if (isLink !== (fields.target !== undefined))
    throw new ShapeError(`${at}.target: only links have one, and they all do`);
  if (!isLink && fields.targetBase64 !== undefined) throw new ShapeError(`${at}.targetBase64: only links have one`);
  if (fields.target !== undefined) requirePath(fields.target, fields.targetBase64, `${at}.target`);
  if ((fields.kind === 'regular') !== (fields.sha256 !== undefined)) {
    throw new ShapeError(`${at}.sha256: only regular files have one, and they all do`);
  }
  const isRead = fields.kind === 'regular' || fields.kind === 'hardlink';
  for (const source of ['sourceSize', 'sourceSha256'] as const) {
    if (isRead || fields[source] === undefined) continue;
    throw new ShapeError(`${at}.${source}: only regular files and hard links have one`);
  }
  if (fields.kind !== 'regular' && fields.size !== 0) throw new ShapeError(`${at}.size: only regular files have any`);
  return fields;
}

/** A path as text, and its bytes where they are not UTF-8: one must be what the other says. */
function requirePath(path: string, base64: string | undefined, at: string): void {
  const bytes = base64 === undefined ? fromUtf8(path) : pathOfBase64(base64);
  const { path: expected, pathBase64 } = toJson(bytes);
  if (path !== expected || base64 !== pathBase64) throw new ShapeError(`${at}: it is not what its bytes in base64 say`);
  if (path === '' || bytes.includes('\0')) throw new ShapeError(`${at}: it is empty, or has a NUL`);
}

/** Names begin with `./`, and directories end with a slash; with `..` one would lead out of the tree. */
function requireInside(fields: ManifestEntry, at: string): void {
  const name = entryPath(fields);
  if (name === './' && fields.kind === 'directory') return;
  const inside = fields.kind === 'directory' ? name.replace(/\/$/, '') : name;
  if (inside.startsWith('./') && isPlain(fromLatin1(inside.slice(2)))) return;
  throw new ShapeError(`${at}: expected ./ and a path without . and .., found ${JSON.stringify(fields.path)}`);
}

function refused(path: string, reason: string, cause: Error): KheadersPackError {
  return new KheadersPackError('E_MANIFEST', { path, reason }, { cause });
}
