import type { BigIntStats } from 'node:fs';

/**
 * What a file's content cannot change without, as git's index has it: size in bytes, mtime and ctime in nanoseconds since
 * 1970, inode and device. A program may set a file's mtime back; its ctime is the kernel's.
 */
export function stampOf(stats: BigIntStats): string {
  return `${stats.size} ${stats.mtimeNs} ${stats.ctimeNs} ${stats.ino} ${stats.dev}`;
}

/** Time stamps come in steps: a tick of the kernel's clock as a rule, 1 s on some network file systems, 2 s on FAT. */
const COARSEST_STEP_NS = 2_000_000_000n;

/**
 * Whether the file had changed so shortly before its stamp was taken that another change could leave the same stamp.
 *
 * @param taken when the stamp was taken or earlier, in nanoseconds since 1970 by this machine's clock
 */
export function isRacy(stamp: string, taken: bigint): boolean {
  const [, mtime = '0', ctime = '0'] = stamp.split(' ');
  const latest = BigInt(mtime) > BigInt(ctime) ? BigInt(mtime) : BigInt(ctime);
  return latest + COARSEST_STEP_NS >= taken;
}
