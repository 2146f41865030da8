import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { KheadersPackError, systemReason } from '../../errors.js';
import { atSuddenEnd } from '../../flow/suddenEnd.js';
import type { ContentSettings, TreePair } from '../../model/settings.js';
import { DISTURB, SELF } from '../self.js';
import type { Circumstances } from './circumstances.js';
import { DISTURBANCE_VARIABLE } from './disturbance.js';

/** What is rebuilt. */
export interface Rebuilt {
  readonly content: ContentSettings;
  readonly trees: readonly TreePair[];
}

/**
 * Rebuilds in a process of its own, and gives the archive's SHA-256. The child is this program as anybody runs it; what
 * is different for it is what stands around it.
 *
 * @throws KheadersPackError `E_REBUILD` when it cannot be started or fails
 */
export async function rebuildUnder(
  rebuilt: Rebuilt,
  circumstances: Circumstances,
  signal: AbortSignal,
): Promise<string> {
  const { jobs, environment = {}, disturbance = {} } = circumstances;
  const args = [...packArguments(rebuilt), ...(jobs === undefined ? [] : ['--jobs', String(jobs)])];
  const env = { ...process.env, ...environment, [DISTURBANCE_VARIABLE]: JSON.stringify(disturbance) };
  const child = spawn(process.execPath, ['--import', DISTURB, SELF, ...args], { env, signal });
  const forget = atSuddenEnd(() => void child.kill('SIGKILL'));
  try {
    return await digestOfOutput(child, listText(rebuilt));
  } finally {
    forget();
  }
}

async function digestOfOutput(child: ChildProcessWithoutNullStreams, input: Buffer): Promise<string> {
  const ended = new Promise<string>((resolve, reject) => {
    child.on('close', (code, signal) => resolve(code === null ? `signal ${signal}` : `exit code ${code}`));
    child.on('error', error => reject(rebuildFailed(systemReason(error), error)));
  });
  // A failure to start is thrown below; until then it must not count as unhandled.
  ended.catch(() => undefined);
  const hash = createHash('sha256');
  let stderr = '';
  // One that could not be started has no pipes where there are no descriptors for them.
  if (child.pid !== undefined) {
    // A child that fails early does not read all of it; how it ended tells more.
    child.stdin.on('error', () => undefined).end(input);
    child.stderr.on('data', (text: Buffer) => {
      stderr += text.toString();
    });
    for await (const bytes of child.stdout) hash.update(bytes as Buffer);
  }
  const how = await ended;
  if (how === 'exit code 0') return hash.digest('hex');
  throw rebuildFailed(stderr === '' ? how : `${how}, ${stderr.trim()}`);
}

function rebuildFailed(reason: string, cause?: Error): KheadersPackError {
  return new KheadersPackError('E_REBUILD', { reason }, { cause });
}

/** The paths of a list, each with a NUL behind it; nothing where a profile says what is packed. */
function listText({ content }: Rebuilt): Buffer {
  return Buffer.from((content.selection.listed ?? []).map(path => `${path}\0`).join(''), 'latin1');
}

/** A command line that packs with exactly these settings, to standard output. */
function packArguments({ content, trees }: Rebuilt): string[] {
  const { kernels, selection, encoding, blockSize, strip, order, dedup, mtime } = content;
  const { lzma2, check } = encoding;
  const pairs = {
    dict: lzma2.dictionarySize,
    lc: lzma2.lc,
    lp: lzma2.lp,
    pb: lzma2.pb,
    mode: lzma2.mode,
    nice: lzma2.niceLength,
    mf: lzma2.matchFinder,
    depth: lzma2.depth,
  };
  return [
    'pack',
    ...treeArguments(content, trees),
    ...(selection.listed === null
      ? ['--profile', selection.profile, ...(selection.symvers ? ['--symvers'] : [])]
      : ['--files-from', '-', '--null']),
    ...archArguments(kernels.map(({ srcarch }) => srcarch)),
    ...selection.include.flatMap(pattern => ['--include', pattern]),
    ...selection.exclude.flatMap(pattern => ['--exclude', pattern]),
    ...['--strip', strip, '--order', order, ...(dedup ? [] : ['--no-dedup']), '--mtime', `@${mtime}`],
    ...[
      '--codec',
      encoding.codec.name,
      '--block-size',
      String(blockSize),
      '--check',
      check,
      '--allow-large-dictionary',
    ],
    ...[
      '--lzma2',
      Object.entries(pairs)
        .map(([key, value]) => `${key}=${value}`)
        .join(','),
    ],
    ...['--quiet', '--no-cache', '-o', '-'],
  ];
}

/** An object tree of a bundle brings its source tree along, as it did before. */
function treeArguments({ kernels }: ContentSettings, trees: readonly TreePair[]): string[] {
  const [only] = trees;
  if (trees.length === 1 && only !== undefined) {
    const name = kernels[0]?.name ?? '';
    const objtree = only.objectTree === null ? [] : ['--objtree', only.objectTree];
    return [name === '' ? only.sourceTree : `${name}=${only.sourceTree}`, ...objtree];
  }
  return trees.map(({ sourceTree, objectTree }, i) => `${kernels[i]?.name}=${objectTree ?? sourceTree}`);
}

/** Where the kernels have several architectures, each tree says its own. */
function archArguments(arches: readonly string[]): string[] {
  const [arch = ''] = arches;
  return arch !== '' && arches.every(each => each === arch) ? ['--arch', arch] : [];
}
