import { basename, dirname, join, resolve as resolvePath } from 'node:path';
import { type BytePath, fromUtf8 } from '../bytes/bytePath.js';
import { KheadersPackError } from '../errors.js';
import type { PackSettings } from '../model/settings.js';
import type { Environment } from './environment.js';
import { readFileList } from './fileList.js';
import { defaultJobs } from './jobs.js';
import { parseMakeflags } from './makeflags.js';
import type { PackOptions } from './options.js';
import { resolveSettings } from './resolve.js';

/** What `kheaders-pack kbuild` may be told: what kbuild passes, and any of the options of a pack of one tree. */
export interface KbuildOptions
  extends Omit<PackOptions, 'trees' | 'objtree' | 'output' | 'fromTar' | 'filesFrom' | 'nul'> {
  /** Relative to the object tree, as kbuild names it. */
  readonly target: string;
  /** What kernels from 6.17 on pass. */
  readonly lists?: { readonly source: string; readonly object: string; readonly timestamp: string } | undefined;
  readonly quiet?: boolean | undefined;
}

/** What `kheaders-pack kbuild` knows. */
export interface KbuildSettings {
  /** The target as kbuild names it. */
  readonly name: string;
  readonly target: string;
  readonly pack: PackSettings;
  /** The files to archive, where kbuild lists them; then make decides when that has to be done. */
  readonly lists: KbuildLists | null;
  /** The record of the last run, beside the target. */
  readonly stateFile: string;
  /** The FIFO of make's jobserver; null where the number of jobs is settled. */
  readonly jobserver: string | null;
  /** Whether kbuild prints nothing (`make -s`). */
  readonly isSilent: boolean;
  /** Whether kbuild says why it makes something (`make V=2`). */
  readonly isExplained: boolean;
}

export interface KbuildLists {
  /** The source list's paths as they stand there: they begin with kbuild's `$(srctree)/`. */
  readonly source: readonly BytePath[];
  readonly sourcePrefix: BytePath;
  readonly object: readonly BytePath[];
  /** Where make's dependencies are written. */
  readonly dependencyFile: string;
}

/** A name that `make clean` and kernel/.gitignore know. */
const STATE_NAME = 'kheaders.md5';

/** Smaller than pack's: with a cache, a changed header costs one Block, and kernel developers change headers all day. */
const BLOCK_SIZE = '2MiB';

/**
 * From kbuild's environment (`srctree`, `building_out_of_srctree`, `SRCARCH`, `KBUILD_BUILD_TIMESTAMP`, `MAKEFLAGS`,
 * `quiet`, `KBUILD_VERBOSE`) and what was said beside it to what is known. The working directory is the object tree. The
 * contents are those of `--compat` wherever the options say nothing else.
 *
 * @throws KheadersPackError as `resolveSettings` does
 */
export function resolveKbuild(options: KbuildOptions, environment: Environment): KbuildSettings {
  const { variables, workingDirectory } = environment;
  const { target: name, lists, quiet, ...given } = options;
  const target = resolvePath(workingDirectory, requireFile('TARGET', name));
  if (lists !== undefined) requireNoSelection(given);
  const srctree = variables['srctree'] || '.';
  const isOutOfTree = (variables['building_out_of_srctree'] ?? '') !== '';
  const jobs = resolveJobs(options.jobs, environment);
  const settings = resolveSettings(
    {
      ...given,
      ...contentOf(given),
      blockSize: given.blockSize ?? BLOCK_SIZE,
      trees: [srctree],
      objtree: isOutOfTree ? workingDirectory : undefined,
      arch: given.arch ?? (given.profile === 'all' ? undefined : variables['SRCARCH'] || undefined),
      mtime: given.mtime ?? (lists?.timestamp || undefined),
      jobs: jobs.count,
      output: target,
    },
    environment,
  );
  // Without --from-tar there is nothing else to resolve to.
  if (settings.kind !== 'pack') throw new TypeError('kbuild packs a tree');
  return {
    name,
    target,
    pack: settings,
    lists: lists === undefined ? null : resolveLists(lists, srctree, target, workingDirectory),
    stateFile: join(dirname(target), STATE_NAME),
    jobserver: jobs.fifo,
    isSilent: quiet === true || variables['quiet'] === 'silent_',
    isExplained: (variables['KBUILD_VERBOSE'] ?? '').includes('2'),
  };
}

/** gen_kheaders.sh's contents, item by item, unless `--no-compat` asks for our own. */
function contentOf(given: Omit<PackOptions, 'trees'>): PackOptions {
  if (given.compat === false) return { compat: undefined };
  const { strip, order, dedup } = given;
  return { compat: undefined, strip: strip ?? 'kernel', order: order ?? 'gnu', dedup: dedup ?? false };
}

function resolveLists(
  lists: NonNullable<KbuildOptions['lists']>,
  srctree: string,
  target: string,
  workingDirectory: string,
): KbuildLists {
  return {
    source: readFileList(requireFile('SRCLIST', lists.source), workingDirectory, false),
    sourcePrefix: fromUtf8(`${srctree}/`),
    object: readFileList(requireFile('OBJLIST', lists.object), workingDirectory, false),
    dependencyFile: join(dirname(target), `.${basename(target)}.d`),
  };
}

/** `--jobs` settles it; else it is make's number, and make's jobserver has a say where it can be reached. */
function resolveJobs(
  given: PackOptions['jobs'],
  environment: Environment,
): { count: string | number; fifo: string | null } {
  if (given !== undefined) return { count: given, fifo: null };
  const { jobs, fifo } = parseMakeflags(environment.variables['MAKEFLAGS'] ?? '');
  const most = defaultJobs(environment);
  return { count: Math.max(1, Math.min(jobs ?? most, most)), fifo };
}

/** kbuild's lists are taken as they stand. */
function requireNoSelection({ profile, symvers, include = [], exclude = [] }: PackOptions): void {
  const asked = [
    ['--profile', profile !== undefined],
    ['--symvers', symvers === true],
    ['--include', include.length > 0],
    ['--exclude', exclude.length > 0],
  ] as const;
  const [first] = asked.find(([, isGiven]) => isGiven) ?? [];
  if (first === undefined) return;
  const reason = 'the lists say which files are packed';
  throw new KheadersPackError('E_OPTION_CONFLICT', { first, second: 'SRCLIST', reason });
}

function requireFile(option: string, value: string): string {
  if (value !== '' && value !== '-') return value;
  throw new KheadersPackError('E_OPTION_VALUE', { option, value, expected: 'a file name' });
}
