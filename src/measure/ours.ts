import { join } from 'node:path';
import { shellLine } from '../bytes/shellLine.js';
import type { BenchInput, BenchPoint } from '../model/bench.js';
import type { Command } from './command.js';
import type { Contender } from './contender.js';
import { XZ_DECODER } from './peers.js';

/** How our own program is started: Node and the file that it runs. */
export type Program = readonly [node: string, main: string];

/** What a run of ours needs to know of its surroundings. */
export interface OwnRuns {
  readonly program: Program;
  readonly scratch: string;
  /** Whether `xz` is there to decode with. */
  readonly hasDecoder: boolean;
}

/** Settings of ours as a contender. Each run is a process of its own, so that start-up and cold code count as for a user. */
export function ourContender(input: BenchInput, point: BenchPoint, runs: OwnRuns): Contender {
  const archive = join(runs.scratch, 'ours.tar.xz');
  const swept = sweptFlags(point);
  return {
    name: nameOf(point),
    kind: 'ours',
    shown: shellLine(['kheaders-pack', ...input.shownArgs, ...swept]),
    version: '',
    jobs: point.jobs,
    values: point.values,
    command: ourCommand(input, point, runs, ['-o', archive]),
    archive,
    decoder: runs.hasDecoder ? XZ_DECODER : null,
    tarBytes: null,
  };
}

/** A pack with the point's settings, quiet, its summary on standard output. */
export function ourCommand(
  input: BenchInput,
  point: BenchPoint,
  { program, scratch }: OwnRuns,
  more: readonly string[],
): Command {
  const [node, main] = program;
  const jobs = '--jobs' in point.values ? [] : ['--jobs', String(point.jobs)];
  const args = [
    main,
    'pack',
    ...inputArgs(input, point),
    ...sweptFlags(point),
    ...jobs,
    '--quiet',
    '--no-cache',
    '--json',
    ...more,
  ];
  return { command: node, args, workingDirectory: scratch, variables: {}, input: null, output: null };
}

/** What a point is called in results. */
export function nameOf(point: BenchPoint): string {
  const swept = sweptFlags(point).join(' ');
  return swept === '' ? 'kheaders-pack' : `kheaders-pack ${swept}`;
}

function sweptFlags(point: BenchPoint): string[] {
  return Object.entries(point.values).flat();
}

function inputArgs(input: BenchInput, point: BenchPoint): string[] {
  if (input.kind === 'tar') return ['--from-tar', input.path];
  const { sourceTree, objectTree } = input.trees;
  return [
    sourceTree,
    ...(objectTree === null ? [] : ['--objtree', objectTree]),
    ...(point.srcarch === '' ? [] : ['--arch', point.srcarch]),
    '--mtime',
    `@${input.mtime}`,
  ];
}
