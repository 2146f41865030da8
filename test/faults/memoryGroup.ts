import { existsSync, mkdirSync, readFileSync, rmdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

/** The two versions of Linux's control groups (cgroups(7)): where they are, how `/proc/PID/cgroup` begins their line, and their limit's file. */
const VERSIONS = [
  { root: '/sys/fs/cgroup', line: /^0::(.*)$/m, limit: 'memory.max', swap: 'memory.swap.max' },
  { root: '/sys/fs/cgroup/memory', line: /^\d+:memory:(.*)$/m, limit: 'memory.limit_in_bytes', swap: null },
] as const;

/**
 * Runs `work` with a control group below our own whose processes may have so many bytes of memory together: with more, the
 * kernel kills one. `work` is given the group's directory.
 *
 * @returns a reason to skip where there is none to be had, else false
 */
export async function withMemoryGroup(
  bytes: number,
  work: (directory: string) => Promise<void>,
): Promise<string | false> {
  const directory = VERSIONS.map(version => made(version, bytes)).find(each => each !== null) ?? null;
  if (directory === null) return 'no control group with a memory limit can be made here';
  try {
    await work(directory);
  } finally {
    await remove(directory);
  }
  return false;
}

let count = 0;

function made({ root, line, limit, swap }: (typeof VERSIONS)[number], bytes: number): string | null {
  const own = line.exec(readFileSync('/proc/self/cgroup', 'latin1'))?.[1];
  if (own === undefined) return null;
  const directory = join(root, own, `kheaders-pack-${process.pid}-${++count}`);
  try {
    mkdirSync(directory);
  } catch {
    return null;
  }
  try {
    // The kernel puts it there, where this version has memory to deal out; what is no control group is left as it was.
    if (!existsSync(join(directory, limit))) throw new Error(`${directory} has no ${limit}`);
    writeFileSync(join(directory, limit), String(bytes));
    if (swap !== null) writeFileSync(join(directory, swap), '0');
    return directory;
  } catch {
    rmdirSync(directory);
    return null;
  }
}

/** What was killed in a group stays in it for a moment. */
async function remove(directory: string): Promise<void> {
  for (let attempt = 1; ; attempt++) {
    try {
      rmdirSync(directory);
      return;
    } catch (error) {
      if (attempt === 50) throw error;
      await sleep(20);
    }
  }
}
