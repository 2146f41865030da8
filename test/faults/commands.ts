import assert from 'node:assert/strict';
import { cpSync, mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { packed, succeeded } from '../support/archive.js';
import { type Ended, runCli } from '../support/cli.js';
import { EXPORTED, TARGET } from '../support/kbuild.js';
import { kernelTree, type Made, noise } from '../support/kernelTree.js';
import { makePlace, type Place } from './place.js';

/** A command line of the program, and what it may do to the place where it runs. */
export interface FaultCommand {
  readonly name: string;
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string | undefined>>;
  /** The working directory, below the place. */
  readonly directory: string;
  /** What is copied to the place, or null. */
  readonly from: string | null;
  /** What is there before. */
  readonly before: Readonly<Record<string, Made>>;
  /**
   * What a run that does not come to its end may leave: `whole`: all as before; `each`: every file as before or as after,
   * which is what extracting, removing, and kbuild's two files in a row are.
   */
  readonly leaves: 'whole' | 'each';
  /** A file that is kept on purpose when it is interrupted. */
  readonly keeps: RegExp | null;
  /** A file that no two runs write alike: it holds times. */
  readonly varies: RegExp | null;
  /** What it refuses to write to when it is there already. */
  readonly makesOnce: string | null;
}

/** A command with what it does where nothing goes wrong. */
export interface Known extends FaultCommand {
  readonly code: number | null;
  readonly stdout: Buffer;
  readonly contentsBefore: Readonly<Record<string, string>>;
  readonly contentsAfter: Readonly<Record<string, string>>;
  /** Seconds that it takes. */
  readonly seconds: number;
}

const QUICK = ['--arch', 'x86', '--preset', '0', '--block-size', '64KiB'];
const OLD = { 'out/k.tar.xz': 'the archive before', 'out/k.json': 'the manifest before', 'out/k.sums': 'sums before' };

/** What all places have in common, read only: a tree, another, their archives, and a cache that is full. */
export interface Shared {
  readonly directory: string;
  readonly tree: string;
  readonly archive: string;
}

/** Makes what the commands work on. */
export async function makeShared(directory: string): Promise<Shared> {
  const files = (seed: number): Record<string, Made> =>
    Object.fromEntries(Array.from({ length: 12 }, (_, i) => [`include/linux/n${i}.h`, noise(30_000, i + seed)]));
  const tree = kernelTree(join(directory, 'tree'), { ...files(0), 'include/linux/link.h': { linkTo: 'n1.h' } });
  const other = kernelTree(join(directory, 'other'), files(5));
  const build = kernelTree(join(directory, 'build/linux'), files(0));
  mkdirSync(join(build, 'kernel'));
  const archive = join(directory, 'k.tar.xz');
  const options = [...QUICK, '--jobs', '1', '--no-cache'];
  await packed([tree, ...options, '--manifest', join(directory, 'k.json')], archive);
  await packed([other, ...options], join(directory, 'other.tar.xz'));
  // Six MiB that are quickly compressed: enough for slices.
  const text = noise(2 ** 16, 1).repeat(16);
  const large = Object.fromEntries(Array.from({ length: 6 }, (_, i) => [`include/linux/l${i}.h`, `${i}${text}`]));
  kernelTree(join(directory, 'large'), large);
  // More than libuv's threads decode alone.
  const wide = Object.fromEntries(Array.from({ length: 66 }, (_, i) => [`include/linux/l${i}.h`, `${i}${text}`]));
  const wideTree = kernelTree(join(directory, 'wide'), wide);
  const wideOptions = ['--preset', '0', '--block-size', '4MiB', '--strip', 'none', '--no-cache'];
  await packed([wideTree, ...wideOptions], join(directory, 'wide.tar.xz'));
  rmSync(wideTree, { recursive: true });
  const home = join(directory, 'full/home');
  const cached = [...QUICK, '--cache', join(directory, 'full/cache'), '-q', '-o', '/dev/null'];
  mkdirSync(home, { recursive: true });
  succeeded(await runCli([tree, ...cached], { env: { HOME: home, XDG_STATE_HOME: undefined } }));
  // Whoever packs it there finds it as it was packed here.
  cpSync(archive, join(directory, 'full/k.tar.xz'));
  return { directory, tree, archive };
}

/** Every command of the program; those that write, with something that is there before. */
export function commandsOn({ directory, tree, archive }: Shared): FaultCommand[] {
  const manifest = join(directory, 'k.json');
  const outputs = ['-o', 'out/k.tar.xz', '--manifest', 'out/k.json', '--sha256sums', 'out/k.sums', '--cache', 'cache'];
  const jobs = ['--jobs', '2'];
  return [
    { ...PLAIN, name: 'pack', args: ['pack', tree, '-q', ...QUICK, ...jobs, ...outputs], before: OLD },
    { ...PLAIN, name: 'pack -o -', args: ['pack', tree, '-q', ...QUICK, ...jobs, '--no-cache', '-o', '-'] },
    {
      ...PLAIN,
      name: 'pack --from-tar',
      args: ['pack', '--from-tar', archive, '-q', '--preset', '0', ...jobs, '--no-cache', '-o', 'out/k.tar.xz'],
      before: OLD,
    },
    {
      ...PLAIN,
      name: 'kbuild',
      args: ['kbuild', TARGET, '--preset', '0', '--block-size', '64KiB', '-q', ...jobs],
      env: EXPORTED,
      directory: 'linux',
      from: join(directory, 'build'),
      before: { [`linux/${TARGET}`]: 'the archive before' },
      leaves: 'each',
      varies: /^linux\/kernel\/kheaders\.md5$/,
    },
    { ...PLAIN, name: 'list', args: ['list', archive] },
    { ...PLAIN, name: 'cat', args: ['cat', archive, 'include/linux/n7.h'] },
    {
      ...PLAIN,
      name: 'extract',
      args: ['extract', archive, '-q', '-C', 'out', ...jobs],
      before: { 'out/include/linux/n3.h': 'mine', 'out/include/linux/mine.h': 'mine' },
      leaves: 'each',
    },
    { ...PLAIN, name: 'verify', args: ['verify', archive, '--manifest', manifest, ...jobs] },
    { ...PLAIN, name: 'verify TREE', args: ['verify', '-q', archive, tree, '--manifest', manifest, ...jobs] },
    {
      ...PLAIN,
      name: 'verify --vary',
      args: ['verify', '--vary', '-q', archive, tree, '--manifest', manifest, ...jobs],
    },
    { ...PLAIN, name: 'diff', args: ['diff', archive, join(directory, 'other.tar.xz'), ...jobs] },
    { ...PLAIN, name: 'module', args: ['module', archive, '-q', '-C', 'out/module', ...jobs], makesOnce: 'out/module' },
    {
      ...PLAIN,
      name: 'bench',
      args: [
        'bench',
        tree,
        '-q',
        '--arch',
        'x86',
        '--jobs',
        '1',
        '--preset',
        '0',
        '--repetitions',
        '1',
        '--json=out/b.json',
      ],
      before: { 'out/b.json': 'results before' },
      keeps: /^out\/b\.json\.runs$/,
      varies: /^out\/b\.json$/,
    },
    {
      ...PLAIN,
      name: 'cache verify',
      args: ['cache', 'verify', '--cache', 'cache'],
      from: join(directory, 'full'),
      leaves: 'each',
    },
    {
      ...PLAIN,
      name: 'cache clear',
      args: ['cache', 'clear', '-q', '--cache', 'cache'],
      from: join(directory, 'full'),
      leaves: 'each',
    },
  ];
}

/** Commands that use worker threads for all that these are for: digests, Blocks, slices of one Block, decoding. */
export function threadedCommandsOn({ directory }: Shared): FaultCommand[] {
  const tree = join(directory, 'large');
  const archive = join(directory, 'wide.tar.xz');
  const common = ['-q', '--no-cache', '--jobs', '2', '-o', 'out/k.tar.xz'];
  return [
    {
      ...PLAIN,
      name: 'pack, Blocks side by side',
      args: ['pack', tree, '--preset', '0', '--block-size', '1MiB', ...common],
      before: OLD,
    },
    {
      ...PLAIN,
      name: 'pack, one shared Block',
      args: ['pack', tree, '--codec', 'radix', '--preset', '0', '--block-size', '8MiB', ...common],
      before: OLD,
    },
    { ...PLAIN, name: 'list, in parallel', args: ['list', archive, '--jobs', '2'] },
    {
      ...PLAIN,
      name: 'extract, in parallel',
      args: ['extract', archive, '-q', '-C', 'out', '--jobs', '2'],
      before: { 'out/include/linux/l3.h': 'mine' },
      leaves: 'each',
    },
    { ...PLAIN, name: 'verify, in parallel', args: ['verify', archive, '--jobs', '2'] },
    {
      ...PLAIN,
      name: 'module, in parallel',
      args: ['module', archive, '-q', '-C', 'out/module', '--jobs', '2'],
      makesOnce: 'out/module',
    },
  ];
}

const PLAIN = {
  env: {},
  directory: '',
  from: null,
  before: {},
  leaves: 'whole',
  keeps: null,
  varies: null,
  makesOnce: null,
} as const;

/** A new place for a command. */
export function placeFor(command: FaultCommand, parent: string): Place {
  const place = makePlace(parent, command.from, command.before);
  mkdirSync(join(place.root, 'out'), { recursive: true });
  return place;
}

/** Runs a command where nothing goes wrong, to know what it does. Its results may differ between runs: `bench` measures. */
export async function know(command: FaultCommand, parent: string): Promise<Known> {
  const place = placeFor(command, parent);
  const contentsBefore = place.contents();
  const start = performance.now();
  const { code, stdout, stderr } = await runIn(place, command);
  // 1: two archives differ.
  assert.ok(code === 0 || (code === 1 && command.name === 'diff'), `${command.name}: exit code ${code}: ${stderr}`);
  const seconds = (performance.now() - start) / 1000;
  const contentsAfter = place.contents();
  place.remove();
  return { ...command, code, stdout, contentsBefore, contentsAfter, seconds };
}

/** Runs a command in a place, with this added to the environment. */
export function runIn(
  place: Place,
  { args, env, directory }: FaultCommand,
  more: Readonly<Record<string, string | undefined>> = {},
): Promise<Ended> {
  return runCli(args, { cwd: join(place.root, directory), env: { ...place.env, ...env, ...more } });
}
