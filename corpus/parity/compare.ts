import { createHash } from 'node:crypto';
import { readFileSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { output, succeeds } from '../command.js';
import { withoutFiles } from './aside.js';
import type { ParityCase } from './cases.js';
import { ourTar, scriptTar } from './sides.js';

/** How one case ended. */
export interface Comparison {
  readonly isSame: boolean;
  /** Of our tar, and of the archive around it. */
  readonly tarBytes: number;
  readonly archiveBytes: number;
  /** SHA-256 of our tar, in hexadecimal. */
  readonly sha256: string;
  /** Where the tars first differ, then the lines of their listings that only one has: `-` the script's, `+` ours. */
  readonly difference: readonly string[];
}

/** Where a case's files go, and whether the script is to compress with xz (see `scriptTar`). */
export interface Bench {
  readonly scratch: string;
  readonly real: boolean;
}

/** GNU tar's blocks, in bytes. */
const RECORD_SIZE = 512;

/** Relative to the tree. */
export const UTSVERSION = join('include', 'generated', 'utsversion.h');

/**
 * Both sides on one tree, compared with cmp. `include/generated/utsversion.h`, which we always leave out, is out of the
 * way meanwhile.
 */
export function compare(each: ParityCase, bench: Bench): Comparison {
  return withoutFiles(utsversions(each), () => compareTars(each, bench, asIs));
}

/** Where the script would meet `utsversion.h`. */
export function utsversions(each: ParityCase): string[] {
  const trees = each.object === null ? [each.source] : [each.source, each.object];
  return trees.map(tree => join(tree, UTSVERSION));
}

/** Both sides on one tree as it stands; `edit` may change the script's tar before it is compared. */
export function compareTars(each: ParityCase, bench: Bench, edit: (tar: string) => void): Comparison {
  const theirs = join(bench.scratch, 'script.tar');
  const ours = join(bench.scratch, 'ours.tar');
  const archive = join(bench.scratch, 'ours.tar.xz');
  try {
    scriptTar(each, theirs, bench.real);
    edit(theirs);
    ourTar(each, archive, ours);
    const isSame = succeeds('cmp', ['-s', theirs, ours]);
    return {
      isSame,
      tarBytes: statSync(ours).size,
      archiveBytes: statSync(archive).size,
      sha256: createHash('sha256').update(readFileSync(ours)).digest('hex'),
      difference: isSame ? [] : [firstDifference(theirs, ours), ...listingDifference(theirs, ours)],
    };
  } finally {
    for (const path of [theirs, ours, archive]) rmSync(path, { force: true });
  }
}

/** The member in which the first differing byte lies: its entry header, its content or its padding. */
function firstDifference(theirs: string, ours: string): string {
  const said = output('sh', ['-c', 'cmp -- "$1" "$2" 2>&1 || true', 'sh', theirs, ours]);
  const at = Number(/\b(?:byte|char) (\d+)/.exec(said)?.[1] ?? Number.NaN);
  if (Number.isNaN(at)) return said.trim();
  const members = output('tar', ['-tRf', theirs]).trimEnd().split('\n');
  const member = members.findLast(line => Number(/^block (\d+):/.exec(line)?.[1] ?? 0) * RECORD_SIZE < at);
  return `first difference at byte ${at}, in the script's ${member ?? 'archive'}`;
}

function listingDifference(theirs: string, ours: string): string[] {
  const [left, right] = [theirs, ours].map(tar => new Set(listing(tar)));
  if (left === undefined || right === undefined) return [];
  return [
    ...[...left].filter(line => !right.has(line)).map(line => `- ${line}`),
    ...[...right].filter(line => !left.has(line)).map(line => `+ ${line}`),
  ];
}

function listing(tar: string): string[] {
  return output('tar', ['--full-time', '--numeric-owner', '-tvf', tar]).trimEnd().split('\n');
}

/** Leaves the tar alone. */
function asIs(): void {}
