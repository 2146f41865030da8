import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { verifyCache } from '../../src/cache/verifyCache.js';
import type { Ended } from '../support/cli.js';
import type { Known } from './commands.js';
import type { Place } from './place.js';

/**
 * What was done to a run. `failure`: something around it fails, and it may get over that, or ends with exit code 2.
 * `signal`: it was to end at once; `killed`: it could not even clean up.
 */
export type Fault =
  | { readonly kind: 'failure' }
  | { readonly kind: 'signal'; readonly signal: NodeJS.Signals }
  | { readonly kind: 'killed'; readonly signal: NodeJS.Signals };

/**
 * Whether V8, Node or lzma-native's C++ has ended the process where it cannot go on itself: no memory for a heap or a buffer,
 * no thread of its own. No code of ours runs then, so all that can be asked for is what is asked for after SIGKILL.
 */
function isEndedFromBelow({ signal, stderr }: Ended): boolean {
  const isAbort = ['SIGABRT', 'SIGTRAP', 'SIGILL', 'SIGSEGV'].includes(signal ?? '');
  return (
    isAbort &&
    /Fatal process [Oo]|FATAL ERROR|Assertion failed|Fatal error in|std::bad_alloc|^node\[\d+\]: |^$/.test(stderr)
  );
}

/** Whether it was a child that a signal ended: who waits for it tells that like any failure. */
function isChildsEnd({ code, stderr }: Ended, fault: Fault): boolean {
  return fault.kind === 'killed' && code === 2 && stderr.includes(`signal ${fault.signal}`);
}

/** What is wrong with how a run ended and what it left, in words; nothing where all is as it should be. */
export function wrongs(known: Known, place: Place, ended: Ended, fault: Fault): string[] {
  const isDone = ended.code === known.code && ended.signal === null;
  if (fault.kind === 'failure' && isEndedFromBelow(ended)) {
    return [...wrongContents(known, place, { kind: 'killed', signal: 'SIGABRT' }, false), ...wrongCache(place)];
  }
  if (isChildsEnd(ended, fault)) return wrongs(known, place, ended, { kind: 'failure' });
  return [
    ...wrongEnd(known, ended, fault, isDone),
    ...wrongContents(known, place, fault, isDone),
    ...wrongCache(place),
    ...(fault.kind === 'killed' ? [] : place.litter().map(path => `left ${path}`)),
  ];
}

function wrongEnd(known: Known, ended: Ended, fault: Fault, isDone: boolean): string[] {
  const { code, signal, stderr } = ended;
  const said = stderr.replace(NODES_OWN, '').trimEnd();
  const how = `exit code ${code}, signal ${signal}: ${said}`;
  if (/Internal error|\n\s+at |node:internal|Warning:|FATAL/.test(said)) return [`unclear: ${how}`];
  if (isDone) {
    if (known.varies === null && !ended.stdout.equals(known.stdout)) return [`done, with other output: ${how}`];
    // What it got over, a cache that cannot be written say, is told in a line.
    return said.split('\n').length > 1 || /^kheaders-pack:/m.test(said) ? [`done, and says ${said}`] : [];
  }
  if (fault.kind !== 'failure') return signal === fault.signal && said === '' ? [] : [how];
  const own = said.split('\n').filter(line => line.startsWith('kheaders-pack: '));
  const others = said.split('\n').filter(line => !line.startsWith('kheaders-pack: ') && !isNotice(line));
  return code === 2 && own.length === 1 && others.length === 0 ? [] : [how];
}

/** Node's, before any code of ours, where it goes without the thread that waits for a debugger's signal. */
const NODES_OWN = /^node\[\d+\]: pthread_create: .*\n/;

/** What may be said before a failure: what a cache could not do, and what was extracted by then. */
function isNotice(line: string): boolean {
  return /^(?:Cannot (?:read|write) the cache |Packing without a cache: |Written before the failure, | {2}\S)/.test(
    line,
  );
}

function wrongContents(known: Known, place: Place, fault: Fault, isDone: boolean): string[] {
  const before = known.contentsBefore;
  const after = known.contentsAfter;
  const found = Object.fromEntries(
    Object.entries(place.contents()).filter(([path]) => {
      const isKept = known.keeps?.test(path) === true || (fault.kind === 'killed' && /(?:^|\/)\.tmp_/.test(path));
      return !isKept;
    }),
  );
  const isAt = (path: string, expected: Readonly<Record<string, string>>): boolean =>
    found[path] === expected[path] ||
    (known.varies?.test(path) === true && found[path] !== undefined && expected[path] !== undefined);
  const paths = [...new Set([...Object.keys(before), ...Object.keys(after), ...Object.keys(found)])];
  const unlike = (expected: Readonly<Record<string, string>>): string[] =>
    paths.filter(path => !isAt(path, expected)).map(path => `${path} is ${found[path] ?? 'gone'}`);
  if (isDone) return unlike(after).map(path => `done, but ${path}`);
  if (known.leaves === 'whole' && fault.kind !== 'killed') {
    // A signal may come when all is in its place: then none of it is taken back.
    return fault.kind === 'signal' && unlike(after).length === 0 ? [] : unlike(before);
  }
  // A file that is being written under its own name may be cut short by SIGKILL, where there was none before.
  const isBegun = (path: string): boolean =>
    fault.kind === 'killed' &&
    known.name.startsWith('extract') &&
    before[path] === undefined &&
    after[path] !== undefined;
  return paths
    .filter(path => !isAt(path, before) && !isAt(path, after) && !isBegun(path))
    .map(path => `${path} is ${found[path] ?? 'gone'}, neither as before nor as after`);
}

/** Whatever happened, the cache's files are whole. */
function wrongCache({ root }: Place): string[] {
  const secret = { kind: 'file', path: join(root, 'home/.local/state/kheaders-pack/cache-secret') } as const;
  if (!existsSync(secret.path)) return [];
  const { dropped } = verifyCache({ directory: join(root, 'cache'), secret, maxSize: 0, isParanoid: false });
  return dropped.map(path => `damaged: ${path}`);
}
