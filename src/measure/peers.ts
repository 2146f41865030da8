/**
 * The programs that a kernel's headers may be packed with instead, each at its usual settings, as data.
 *
 * What is fair and what is not: they are given a finished tar where we read and strip a tree as well (gen_kheaders.sh alone does
 * the whole job); threads are as many as our largest number of jobs, where the program has threads at all.
 */

/** A command line of a peer. In `args`, `JOBS`, `TAR` and `ARCHIVE` stand for what they name. */
export interface Peer {
  /** What `--peers` calls it. */
  readonly program: string;
  readonly args: readonly string[];
  /** Whether standard output is the archive; else it writes ARCHIVE itself. */
  readonly writesOutput: boolean;
  readonly isThreaded: boolean;
  readonly suffix: string;
  readonly decoder: readonly string[];
}

/** One thread everywhere: what a small target machine does with the archive. */
export const XZ_DECODER = ['xz', '-dc', '-T1'];

export const PEERS: readonly Peer[] = [
  xz(['-6', '-T1'], false),
  xz(['-9e', '-T1'], false),
  xz(['-6', '-TJOBS'], true),
  xz(['-6', '-TJOBS', '--block-size=4MiB', '--lzma2=preset=6,lc=4,pb=0,dict=4MiB'], true),
  pixz(['-6', '-pJOBS']),
  pixz(['-9', '-pJOBS']),
  plzip(['-6', '-nJOBS']),
  plzip(['-9', '-nJOBS']),
  sevenZip(['-mx=5', '-mmt=JOBS']),
  sevenZip(['-mx=9', '-mmt=JOBS']),
  zstd(['-19', '--long', '-TJOBS']),
  zstd(['--ultra', '-22', '-TJOBS']),
];

/** What `--peers` may name. */
export const PEER_NAMES: readonly string[] = ['gen_kheaders.sh', ...new Set(PEERS.map(peer => peer.program))];

function xz(args: readonly string[], isThreaded: boolean): Peer {
  return {
    program: 'xz',
    args: [...args, '-c', 'TAR'],
    writesOutput: true,
    isThreaded,
    suffix: '.xz',
    decoder: XZ_DECODER,
  };
}

function pixz(args: readonly string[]): Peer {
  return {
    program: 'pixz',
    args: [...args, 'TAR', 'ARCHIVE'],
    writesOutput: false,
    isThreaded: true,
    suffix: '.xz',
    decoder: XZ_DECODER,
  };
}

function plzip(args: readonly string[]): Peer {
  return {
    program: 'plzip',
    args: [...args, '-c', 'TAR'],
    writesOutput: true,
    isThreaded: true,
    suffix: '.lz',
    decoder: ['plzip', '-dc', '-n1'],
  };
}

function sevenZip(args: readonly string[]): Peer {
  return {
    program: '7zz',
    args: ['a', '-txz', '-bso0', '-bsp0', ...args, 'ARCHIVE', 'TAR'],
    writesOutput: false,
    isThreaded: true,
    suffix: '.xz',
    decoder: XZ_DECODER,
  };
}

function zstd(args: readonly string[]): Peer {
  return {
    program: 'zstd',
    args: ['-q', ...args, '-c', 'TAR'],
    writesOutput: true,
    isThreaded: true,
    suffix: '.zst',
    decoder: ['zstd', '-dc', '--long=27'],
  };
}
