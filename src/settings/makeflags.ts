/** What MAKEFLAGS says of jobs (GNU make's manual, "Communicating Options to a Sub-make" and "POSIX Jobserver Interaction"). */
export interface MakeJobs {
  /** The number of `-j`; 1 without it, null where it names no number and so sets no limit. */
  readonly jobs: number | null;
  /** The path of the jobserver's FIFO (make 4.4 and later), or null: without one, or with one of two descriptors. */
  readonly fifo: string | null;
}

const FIFO_PREFIX = 'fifo:';

/** Reads MAKEFLAGS. Words are parted by blanks, a blank inside a word has a backslash; variables follow `--`. */
export function parseMakeflags(makeflags: string): MakeJobs {
  let jobs: number | null = 1;
  let fifo: string | null = null;
  for (const raw of makeflags.match(/(?:\\.|[^\s\\])+/g) ?? []) {
    if (raw === '--') break;
    const word = raw.replace(/\\(.)/g, '$1');
    const [, digits] = /^(?:-j|--jobs=)(\d*)$/.exec(word) ?? [];
    if (digits !== undefined) jobs = digits === '' ? null : Number(digits);
    const [, auth] = /^--jobserver-(?:auth|fds)=(.*)$/s.exec(word) ?? [];
    if (auth !== undefined) fifo = auth.startsWith(FIFO_PREFIX) ? auth.slice(FIFO_PREFIX.length) : null;
  }
  return { jobs, fifo };
}
