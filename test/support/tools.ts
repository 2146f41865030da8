import { spawnSync } from 'node:child_process';
import { chownSync, statfsSync } from 'node:fs';
import { missingCommands } from '../../corpus/command.js';
import { PROGRAM } from './cli.js';

/** A reason to skip where one of the commands is not on the PATH, else false. */
export function unless(...commands: readonly string[]): string | false {
  const missing = missingCommands(commands);
  return missing.length === 0 ? false : `not on the PATH: ${missing.join(', ')}`;
}

/** Bytes of memory that a tmpfs cannot have less of. */
const PAGE = 4096;

/** The user that `asNobody` tests run as; the number is nobody's almost everywhere, and any other would do. */
export const NOBODY = 65_534;

/** A reason to skip where the program cannot be run as another user, else false. */
export function unlessNobody(): string | false {
  if (process.getuid?.() !== 0) return 'only root can run the program as another user';
  const { status } = spawnSync(process.execPath, [PROGRAM, '--version'], { uid: NOBODY, gid: NOBODY, cwd: '/' });
  return status === 0 ? false : 'another user cannot read this checkout';
}

/** Someone whom permissions hold back, as `runCli` takes a user: nobody when root runs the tests, else who runs them. */
export const ORDINARY: { readonly user?: number } = process.getuid?.() === 0 ? { user: NOBODY } : {};

/** A reason to skip where the program cannot be run as an ordinary user, else false. */
export function unlessOrdinary(): string | false {
  return process.getuid?.() === 0 ? unlessNobody() : false;
}

/** A reason to skip where a WebAssembly memory is to be had with so many KiB of addresses, else false. */
export function unlessTooFewAddresses(kib: number): string | false {
  const command = [process.execPath, '-e', 'new WebAssembly.Memory({ initial: 1, maximum: 1 })'];
  const { error, status } = spawnSync('sh', ['-c', `ulimit -v ${kib}; exec "$@"`, 'sh', ...command]);
  if (error !== undefined) return unless('sh') || error.message;
  return status === 0 ? `Node ${process.versions.node} does not reserve the addresses behind a memory` : false;
}

/** Why WebAssembly cannot be had without SIMD here (`--no-enable-sse4-1`), or false. */
export const UNLESS_WITHOUT_SIMD = process.arch === 'x64' ? false : `V8 cannot leave SIMD out on ${process.arch}`;

/** Gives a directory to the ordinary user. */
export function giveToOrdinary(directory: string): void {
  if (ORDINARY.user !== undefined) chownSync(directory, ORDINARY.user, ORDINARY.user);
}

/** A tmpfs that `onSmallDisk` mounts. */
export interface SmallDisk {
  /** Bytes that are used. */
  used(): number;
  /** Takes away all that is not used. */
  shrink(): void;
}

/** Runs `work` with a tmpfs of so many bytes mounted on `directory`. Gives a reason to skip where that cannot be had, else false. */
export async function onSmallDisk(
  directory: string,
  bytes: number,
  work: (disk: SmallDisk) => Promise<void>,
): Promise<string | false> {
  const tools = unless('mount', 'umount');
  if (tools !== false) return tools;
  const { status } = spawnSync('mount', ['-t', 'tmpfs', '-o', `size=${bytes}`, 'tmpfs', directory]);
  if (status !== 0) return 'a tmpfs cannot be mounted here';
  const used = (): number => {
    const { blocks, bfree, bsize } = statfsSync(directory);
    return (blocks - bfree) * bsize;
  };
  const shrink = (): void => {
    // No size at all, 0, would be no limit. Somebody may still be writing while this asks how much there is.
    for (let attempt = 0; attempt < 10; attempt++) {
      const size = Math.max(PAGE, used());
      if (spawnSync('mount', ['-o', `remount,size=${size}`, directory]).status === 0) return;
    }
    throw new Error(`${directory} cannot be made smaller`);
  };
  try {
    await work({ used, shrink });
  } finally {
    spawnSync('umount', [directory]);
  }
  return false;
}
