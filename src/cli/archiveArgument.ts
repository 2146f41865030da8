import { existsSync } from 'node:fs';
import { isAbsolute, resolve } from 'node:path';
import { formatBytes } from '../bytes/size.js';
import { KheadersPackError } from '../errors.js';
import { findArchive } from '../image/findArchive.js';
import type { FoundArchive } from '../model/foundArchive.js';
import { workingDirectory } from '../settings/environment.js';
import type { NamedBytes, ReadingOptions } from '../settings/reading.js';

/** Where a kernel with CONFIG_IKHEADERS shows its archive. */
const RUNNING_KERNELS = '/sys/kernel/kheaders.tar.xz';

/** For the help of every command that takes an archive. */
export const ARCHIVE_HELP = `ARCHIVE is a .tar.xz by any program, or what one is part of: a vmlinux, a bzImage (compressed with gzip, xz or zstd), a
module (.ko, .ko.gz, .ko.xz, .ko.zst) or any other file. - is standard input, where only a .tar.xz is read.`;

/**
 * The archive that an ARCHIVE argument stands for: itself, or what is cut out of the image that it names. Without one, the
 * running kernel's.
 *
 * @param note told what was found, and where
 */
export async function archiveIn(
  given: string | undefined,
  flags: Pick<ReadingOptions, 'jobs' | 'memoryLimit'>,
  note: (notice: string) => void,
): Promise<string | NamedBytes> {
  if (given === undefined) {
    if (existsSync(RUNNING_KERNELS)) return RUNNING_KERNELS;
    throw new KheadersPackError('E_NO_ARCHIVE', { path: RUNNING_KERNELS });
  }
  if (given === '-' || given === '') return given;
  const { jobs, memoryLimit } = flags;
  const found = await findArchive(isAbsolute(given) ? given : resolve(workingDirectory(), given), {
    jobs,
    memoryLimit,
  });
  if (found === null) return given;
  note(describe(found));
  return found;
}

const BY: Readonly<Record<FoundArchive['by'], string>> = {
  markers: 'between IKHD_ST and IKHD_ED',
  symbols: 'between kernel_headers_data and kernel_headers_data_end',
  scan: 'an .xz Stream with headers',
};

function describe({ name, bytes, by, offset, within }: FoundArchive): string {
  const inside = within.length === 0 ? '' : ` of what ${within.join(', in it ')} holds`;
  return `Found an archive of ${formatBytes(bytes.length)} in ${name}, at byte ${offset}${inside}: ${BY[by]}`;
}
