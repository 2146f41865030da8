import { existsSync, mkdirSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { KheadersPackError, systemReason } from '../errors.js';
import type { BenchInput, PeerChoice } from '../model/bench.js';
import type { Command } from './command.js';
import type { Contender } from './contender.js';
import { PEER_NAMES, PEERS, type Peer, XZ_DECODER } from './peers.js';
import { findProgram, versionOf } from './which.js';

const SCRIPT = 'gen_kheaders.sh';
/** What the script calls. */
const SCRIPT_NEEDS = ['sh', 'find', 'cpio', 'perl', 'tar', 'xz'];

/** Where a peer may be found, and what it would pack. */
export interface PeerPlace {
  readonly input: BenchInput;
  /** The architecture's directory under `arch/`; empty where the selection does not need it. */
  readonly srcarch: string;
  readonly path: string;
}

/** Where and on what the peers run. */
export interface PeerRuns extends PeerPlace {
  readonly scratch: string;
  /** The tar that they compress, and its size in bytes. */
  readonly tar: string;
  readonly tarBytes: number;
  readonly jobs: number;
}

/**
 * Those of the peers asked for that can run here.
 *
 * @throws KheadersPackError `E_OPTION_VALUE` when one that was named is not known or cannot run here
 */
export function usablePeers(choice: PeerChoice, place: PeerPlace, onNotice: (notice: string) => void): string[] {
  const wanted = choice.kind === 'none' ? [] : choice.kind === 'all' ? PEER_NAMES : choice.names;
  return wanted.filter(name => {
    if (!PEER_NAMES.includes(name)) throw unusable(name, `none, all or some of ${PEER_NAMES.join(', ')}`);
    const reason = name === SCRIPT ? whyNoScript(place) : whyNoProgram(name, place);
    if (reason === null) return true;
    if (choice.kind === 'named') throw unusable(name, `one that can run here (${reason})`);
    onNotice(`Not measured: ${name}, ${reason}`);
    return false;
  });
}

/** Each peer at each of its settings. */
export function peerContenders(names: readonly string[], runs: PeerRuns): Contender[] {
  return names.flatMap(name => (name === SCRIPT ? [scriptContender(runs)] : programContenders(name, runs)));
}

function unusable(name: string, expected: string): KheadersPackError {
  return new KheadersPackError('E_OPTION_VALUE', { option: '--peers', value: name, expected });
}

function whyNoProgram(name: string, { path }: PeerPlace): string | null {
  return findProgram(name, path) === null ? 'it is not on the PATH' : null;
}

function whyNoScript({ input, srcarch, path }: PeerPlace): string | null {
  if (input.kind === 'tar') return 'it packs a tree, not a tar';
  if (srcarch === '') return 'the first settings name no architecture';
  if (!existsSync(join(input.trees.sourceTree, 'kernel', SCRIPT))) return `the tree has no kernel/${SCRIPT}`;
  const missing = SCRIPT_NEEDS.filter(name => findProgram(name, path) === null);
  return missing.length === 0 ? null : `it needs ${missing.join(', ')} on the PATH`;
}

function programContenders(name: string, runs: PeerRuns): Contender[] {
  const version = versionOf(findProgram(name, runs.path) ?? name);
  const jobs = String(runs.jobs);
  return PEERS.filter(peer => peer.program === name).map(peer => {
    const archive = join(runs.scratch, `peer${peer.suffix}`);
    const shownArgs = peer.args.map(arg => arg.replace('JOBS', jobs));
    const paths = (arg: string): string => (arg === 'TAR' ? runs.tar : arg === 'ARCHIVE' ? archive : arg);
    return {
      name: [name, ...shownArgs.filter(arg => !isPlumbing(arg))].join(' '),
      kind: 'peer',
      shown: [name, ...shownArgs, ...(peer.writesOutput ? ['>', 'ARCHIVE'] : [])].join(' '),
      version,
      jobs: peer.isThreaded ? runs.jobs : 1,
      values: {},
      command: commandOf(name, shownArgs.map(paths), peer, archive, runs.scratch),
      archive,
      decoder: findProgram(peer.decoder[0] ?? '', runs.path) === null ? null : peer.decoder,
      tarBytes: runs.tarBytes,
    };
  });
}

/** Arguments that every call of the program needs and that say nothing of its settings. */
function isPlumbing(arg: string): boolean {
  return ['TAR', 'ARCHIVE', '-c', '-q', 'a', '-txz', '-bso0', '-bsp0'].includes(arg);
}

function commandOf(name: string, args: readonly string[], peer: Peer, archive: string, scratch: string): Command {
  const output = peer.writesOutput ? archive : null;
  // What these read from the environment would change their settings.
  const variables = { XZ_OPT: '', XZ_DEFAULTS: '', ZSTD_CLEVEL: '', LC_ALL: 'C' };
  return { command: name, args, workingDirectory: scratch, variables, input: null, output };
}

/**
 * The kernel's own script. It writes into its working directory, which is the object tree in a build; here that is a directory of
 * ours that leads to the tree's headers, so that the tree stays as it is.
 */
function scriptContender({ input, srcarch, scratch, tarBytes }: PeerRuns): Contender {
  if (input.kind === 'tar') throw new TypeError('The script packs trees');
  const { sourceTree, objectTree } = input.trees;
  const stage = join(scratch, 'object');
  try {
    mkdirSync(join(stage, 'kernel'), { recursive: true });
    for (const name of ['include', 'arch']) symlinkSync(join(objectTree ?? sourceTree, name), join(stage, name));
  } catch (error) {
    throw new KheadersPackError('E_WRITE', { path: stage, reason: systemReason(error) }, { cause: error });
  }
  const target = 'kernel/kheaders_data.tar.xz';
  return {
    name: SCRIPT,
    kind: 'peer',
    shown: `XZ=xz SRCARCH=${srcarch} sh kernel/${SCRIPT} ${target}`,
    version: versionOf('xz'),
    jobs: 1,
    values: {},
    command: {
      command: 'sh',
      args: ['-c', 'rm -f kernel/kheaders.md5; exec sh "$@"', 'sh', join(sourceTree, 'kernel', SCRIPT), target],
      workingDirectory: stage,
      variables: {
        KBUILD_BUILD_TIMESTAMP: `@${input.mtime}`,
        TZ: 'UTC',
        LC_ALL: 'C',
        XZ: 'xz',
        XZ_OPT: '',
        XZ_DEFAULTS: '',
        SRCARCH: srcarch,
        srctree: sourceTree,
        building_out_of_srctree: objectTree === null ? '' : '1',
      },
      input: null,
      output: null,
    },
    archive: join(stage, target),
    decoder: XZ_DECODER,
    tarBytes,
  };
}
