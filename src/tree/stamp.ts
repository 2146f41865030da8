import type { BigIntStats } from 'node:fs';

/**
 * What a file's content cannot change without, as git's index has it: size in bytes, mtime and ctime in nanoseconds since
 * 1970, inode and device. The inode change time is what a file cannot hide behind: tools set mtimes back, the kernel sets
 * ctime on every change.
 */
export function stampOf(stats: BigIntStats): string {
  // Joined, it is one string in memory; a template would stay in its nine pieces, four times as large.
  return [stats.size, stats.mtimeNs, stats.ctimeNs, stats.ino, stats.dev].join(' ');
}

/** The part of a stamp that tells which file it is: inode and device. */
export function identityIn(stamp: string): string {
  return stamp.slice(stamp.lastIndexOf(' ', stamp.lastIndexOf(' ') - 1) + 1);
}

/**
 * Milliseconds. File systems keep time in steps: a jiffy of the kernel's clock on most, 1 s on some network file systems,
 * 2 s on FAT. Two changes within one step leave one stamp.
 */
const COARSEST_STEP = 2000;

/** When the file last changed in a way that shows, in milliseconds since 1970. */
export function lastChange(stamp: string): number {
  const [, mtime, ctime] = stamp.split(' ');
  // Nanoseconds since 1970 do not fit a number exactly; to a microsecond they do.
  return Math.max(Number(mtime), Number(ctime)) / 1e6;
}

/**
 * Whether a file may have changed after its stamp was taken and still have the same: it had changed just before.
 *
 * @param change when it last changed, as `lastChange` gives it
 * @param taken when the stamp was taken or earlier, in milliseconds since 1970
 */
export function isRacy(change: number, taken: number): boolean {
  return change + COARSEST_STEP >= taken;
}
