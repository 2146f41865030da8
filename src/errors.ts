/**
 * Everything that can go wrong on purpose: a stable code, the facts as data, and a message built from them.
 * Failures cross the worker boundary as `{ code, facts }`, because a class loses its name and code on a MessagePort.
 */

/** The facts of each error code. Paths are already made printable (see `bytes/bytePath.ts`). */
export interface ErrorFacts {
  /** An option's value cannot be read. */
  E_OPTION_VALUE: { option: string; value: string; expected: string };
  /** Two options contradict each other. */
  E_OPTION_CONFLICT: { first: string; second: string; reason: string };
  /** A time stamp is not one of the accepted forms. */
  E_TIMESTAMP: { source: string; value: string; reason: string };
  /** No TREE was given and none was found. */
  E_NO_TREE: Record<never, never>;
  /** The tree named does not exist, or is not a directory. */
  E_TREE: { path: string; reason: string };
  /** An object tree whose source tree is not where it says. */
  E_UNPAIRED_TREE: { objectTree: string; sourceTree: string };
  /** The architecture is not known, or the trees do not hold it. */
  E_ARCH: { arch: string; known: string };
  /** The trees lack a file that every module's build needs. */
  E_UNPREPARED: { tree: string; missing: string };
  /** The selection holds no file at all. */
  E_NO_HEADERS: { trees: string; selection: string };
  /** A file or directory of the input cannot be read. */
  E_READ: { path: string; reason: string };
  /** A FIFO, socket or device where a file is expected. */
  E_NOT_REGULAR: { path: string; kind: string };
  /** A file changed between the two phases. */
  E_CHANGED: { path: string };
  /** A path of `--files-from`, or of kbuild's lists, that cannot be taken. */
  E_LISTED_PATH: { path: string; list: string; reason: string };
  /** Two kernels of a bundle have the same name. */
  E_SAME_NAME: { name: string; first: string; second: string };
  /** Two trees disagree in a way that no archive can hold. */
  E_OVERLAY: { path: string; reason: string };
  /** The input of `--from-tar` is not a whole tar archive. */
  E_TAR: { path: string; reason: string };
  /** The output cannot be written. */
  E_WRITE: { path: string; reason: string };
  /** The archive would go to a terminal. */
  E_TERMINAL: { option: string };
  /** The reader of standard output went away. */
  E_PIPE: Record<never, never>;
  /** The codec cannot run here. */
  E_CODEC: { codec: string; reason: string };
  /** The .xz container is damaged: `offset` is the file offset, in bytes, of the field that is wrong. */
  E_BAD_XZ: { path: string; offset: number; reason: string };
  /** The .xz file is valid, or may be, but uses what is not supported. */
  E_UNSUPPORTED_XZ: { path: string; offset: number; reason: string };
  /** Decoding would take more memory than allowed; both in bytes. */
  E_MEMORY_LIMIT: { path: string; needed: number; limit: number };
  /** What is inside the archive is no tar, or a damaged one: `offset` counts bytes of the tar. */
  E_BAD_TAR: { path: string; offset: number; reason: string };
  /** The archive has no such member. */
  E_NO_MEMBER: { path: string; member: string; hint: string };
  /** The member is there, and has no content of its own. */
  E_NO_CONTENT: { path: string; member: string; reason: string };
  /** An entry that must not be extracted. */
  E_UNSAFE_ENTRY: { path: string; entry: string; reason: string };
  /** No archive was named, and the running kernel shows none. */
  E_NO_ARCHIVE: { path: string };
  /** A kernel image or module that no archive can be cut out of. */
  E_IMAGE: { path: string; reason: string };
  /** A manifest that cannot be read, or is none. */
  E_MANIFEST: { path: string; reason: string };
  /** A command that is measured cannot be started, or fails. */
  E_MEASURE: { name: string; reason: string };
  /** A file of runs belongs to another sweep, or is none. */
  E_RUNS: { path: string };
  /** There is no cache to look after, or it cannot be read or written. */
  E_CACHE: { reason: string };
  /** A process of its own that `verify --vary` rebuilds in cannot be started, or fails. */
  E_REBUILD: { reason: string };
  /** A worker thread cannot be started, or ended by itself. */
  E_WORKER: { reason: string };
  /** The system or the process ran out of something that everything needs: memory, descriptors, threads. */
  E_RESOURCES: { reason: string };
  /** The caller's AbortSignal fired. */
  E_ABORTED: Record<never, never>;
  /** A fault of ours. */
  E_INTERNAL: { reason: string };
}

export type ErrorCode = keyof ErrorFacts;

const MESSAGES: { readonly [C in ErrorCode]: (facts: ErrorFacts[C]) => string } = {
  E_OPTION_VALUE: f => `Invalid value "${f.value}" for ${f.option}: expected ${f.expected}`,
  E_OPTION_CONFLICT: f => `Cannot use ${f.first} with ${f.second}: ${f.reason}`,
  E_TIMESTAMP: f =>
    `Cannot read the time stamp "${f.value}" of ${f.source}: ${f.reason} (use @SECONDS, ISO 8601, RFC 2822 or the output of LC_ALL=C date)`,
  E_NO_TREE: () =>
    'Cannot find a kernel tree: run at the top of one, name one (kheaders-pack TREE), or install linux-headers-$(uname -r)',
  E_TREE: f => `Cannot use tree "${f.path}": ${f.reason}`,
  E_UNPAIRED_TREE: f =>
    `Cannot find the source tree "${f.sourceTree}" of object tree "${f.objectTree}": name both (kheaders-pack SOURCE --objtree "${f.objectTree}")`,
  E_ARCH: f => `Cannot use architecture "${f.arch}": expected one of ${f.known} (choose with --arch)`,
  E_UNPREPARED: f =>
    `Cannot pack "${f.tree}" for modules: "${f.missing}" is missing (run make modules_prepare there, or install the linux-kbuild package)`,
  E_NO_HEADERS: f => `Cannot find any file to pack in ${f.trees} (${f.selection})`,
  E_READ: f => `Cannot read "${f.path}": ${f.reason}`,
  E_NOT_REGULAR: f =>
    `Cannot pack "${f.path}": expected a file, directory or symbolic link, found a ${f.kind} (remove it, or leave it out with --exclude)`,
  E_CHANGED: f => `Cannot pack "${f.path}": it changed while packing (run again when the tree is quiet)`,
  E_LISTED_PATH: f => `Cannot pack "${f.path}" of ${f.list}: ${f.reason}`,
  E_SAME_NAME: f =>
    `Cannot bundle "${f.first}" and "${f.second}": both are named "${f.name}" (give each its own, NAME=TREE)`,
  E_OVERLAY: f => `Cannot overlay the object tree at "${f.path}": ${f.reason}`,
  E_TAR: f => `Cannot recompress "${f.path}": ${f.reason}`,
  E_WRITE: f => `Cannot write "${f.path}": ${f.reason}`,
  E_TERMINAL: f => `Cannot write an archive to a terminal: redirect standard output, or name a file with ${f.option}`,
  E_PIPE: () => 'Cannot write to standard output: its reader went away',
  E_CODEC: f => `Cannot run codec "${f.codec}": ${f.reason}`,
  E_BAD_XZ: f => `Bad archive "${f.path}": ${f.reason} (at byte ${f.offset})`,
  E_UNSUPPORTED_XZ: f => `Cannot read archive "${f.path}": unsupported: ${f.reason} (at byte ${f.offset})`,
  E_MEMORY_LIMIT: f =>
    `Cannot decode "${f.path}": it needs ${f.needed} bytes of memory, ${f.limit} are allowed (raise --memory-limit)`,
  E_BAD_TAR: f => `Damaged tar in "${f.path}": ${f.reason} (at byte ${f.offset} of the tar)`,
  E_NO_MEMBER: f => `Cannot find "${f.member}" in "${f.path}" (${f.hint})`,
  E_NO_CONTENT: f => `Cannot print "${f.member}" of "${f.path}": ${f.reason}`,
  E_UNSAFE_ENTRY: f => `Refused to extract "${f.entry}" of "${f.path}": ${f.reason}`,
  E_NO_ARCHIVE: f =>
    `Cannot find an archive: name one, or load the running kernel's kheaders module ("${f.path}" is missing)`,
  E_IMAGE: f => `Cannot cut an archive out of "${f.path}": ${f.reason}`,
  E_MANIFEST: f => `Cannot use manifest "${f.path}": ${f.reason}`,
  E_MEASURE: f => `Cannot measure "${f.name}": ${f.reason}`,
  E_RUNS: f =>
    `Cannot resume from "${f.path}": expected runs of this version on this input with these jobs (name another file)`,
  E_CACHE: f => `Cannot use the cache: ${f.reason}`,
  E_REBUILD: f => `Cannot rebuild in a process of its own: ${f.reason}`,
  E_WORKER: f => `Cannot work without a worker thread: ${f.reason} (fewer --jobs need less memory and fewer threads)`,
  E_RESOURCES: f => `Cannot go on: ${f.reason} (fewer --jobs need less)`,
  E_ABORTED: () => 'Stopped on request',
  E_INTERNAL: f =>
    `Internal error: ${f.reason} (please report it, with the output of kheaders-pack --version --verbose)`,
};

/** An expected failure. `code` is stable across releases; the message is not. */
export class KheadersPackError<C extends ErrorCode = ErrorCode> extends Error {
  override readonly name = 'KheadersPackError';
  readonly code: C;
  readonly facts: ErrorFacts[C];

  constructor(code: C, facts: ErrorFacts[C], options?: ErrorOptions) {
    super(MESSAGES[code](facts), options);
    this.code = code;
    this.facts = facts;
  }
}

/** Where something lies in an archive: the archive's printable name, and the file offset in bytes. */
export interface Place {
  readonly path: string;
  readonly offset: number;
}

/** The place `bytes` further on. */
export function placeAfter(place: Place, bytes: number): Place {
  return { path: place.path, offset: place.offset + bytes };
}

/** The archive is damaged: no .xz file, of whatever version of the format, has this. */
export function badXz(place: Place, reason: string): KheadersPackError<'E_BAD_XZ'> {
  return new KheadersPackError('E_BAD_XZ', { ...place, reason });
}

/** The archive may be valid, and uses what we do not know or support. */
export function unsupportedXz(place: Place, reason: string): KheadersPackError<'E_UNSUPPORTED_XZ'> {
  return new KheadersPackError('E_UNSUPPORTED_XZ', { ...place, reason });
}

/** A failure as data, for a MessagePort. */
export interface Failure {
  readonly code: ErrorCode;
  readonly facts: ErrorFacts[ErrorCode];
}

/** Any thrown value as data; what is not ours becomes `E_INTERNAL`. */
export function toFailure(error: unknown): Failure {
  const ours = toKheadersPackError(error);
  return { code: ours.code, facts: ours.facts };
}

/** The error that `toFailure` was given, on the other side. */
export function fromFailure(failure: Failure): KheadersPackError {
  return new KheadersPackError(failure.code, failure.facts);
}

/** Any thrown value as an error of ours, with the original as cause. */
export function toKheadersPackError(error: unknown): KheadersPackError {
  if (error instanceof KheadersPackError) return error;
  const shortage = shortageIn(error);
  if (shortage !== null) return new KheadersPackError('E_RESOURCES', { reason: shortage }, { cause: error });
  const reason = error instanceof Error ? error.message : String(error);
  return new KheadersPackError('E_INTERNAL', { reason }, { cause: error });
}

/** What may be missing anywhere: codes of the system and of Node, and V8's words for memory, which have no code. */
const SHORTAGES = ['EMFILE', 'ENFILE', 'ENOMEM', 'EAGAIN', 'ERR_MEMORY_ALLOCATION_FAILED', 'ERR_WORKER_INIT_FAILED'];
const OUT_OF_MEMORY = 'out of memory';
const NO_MEMORY = /allocation failed|out of memory|could not allocate memory|Cannot allocate/i;

/** What ran out, in words; null where an error says nothing like that. */
function shortageIn(error: unknown): string | null {
  if (SHORTAGES.includes(systemCode(error))) return systemReason(error);
  return error instanceof Error && NO_MEMORY.test(error.message) ? OUT_OF_MEMORY : null;
}

const SYSTEM_REASONS: Readonly<Record<string, string>> = {
  EACCES: 'permission denied',
  EPERM: 'operation not permitted',
  ENOENT: 'no such file or directory',
  ENOTDIR: 'not a directory',
  EISDIR: 'is a directory',
  ELOOP: 'too many levels of symbolic links',
  ENAMETOOLONG: 'name too long',
  ENOSPC: 'no space left on device',
  EDQUOT: 'disk quota exceeded',
  EROFS: 'read-only file system',
  EFBIG: 'file too large',
  EMFILE: 'too many open files in this process',
  ENFILE: 'too many open files in the system',
  EIO: 'input/output error',
  ENXIO: 'no such device or address',
  ESTALE: 'stale file handle',
  ECONNREFUSED: 'connection refused',
  ECONNRESET: 'connection reset',
  EHOSTUNREACH: 'no route to host',
  ENOTFOUND: 'no such host',
  EAGAIN: 'resource temporarily unavailable',
  ENOMEM: OUT_OF_MEMORY,
  ERR_MEMORY_ALLOCATION_FAILED: OUT_OF_MEMORY,
  ERR_WORKER_OUT_OF_MEMORY: OUT_OF_MEMORY,
  ERR_WORKER_INIT_FAILED: 'no more threads to be had',
  EPIPE: 'the other side went away',
};

/** The code of a failed system call (`ENOENT` ...), or the empty string. */
export function systemCode(error: unknown): string {
  const code = error instanceof Error && 'code' in error ? error.code : '';
  return typeof code === 'string' ? code : '';
}

/** A failed system call in plain words. */
export function systemReason(error: unknown): string {
  const known = SYSTEM_REASONS[systemCode(error)];
  if (known !== undefined) return known;
  return error instanceof Error ? error.message : String(error);
}
