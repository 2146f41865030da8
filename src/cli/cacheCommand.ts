import { readdirSync } from 'node:fs';
import { Command, Option } from 'commander';
import { formatSize } from '../bytes/size.js';
import { KheadersPackError, systemCode, systemReason } from '../errors.js';
import type { LocalCacheSettings } from '../model/cache.js';
import { resolveCache } from '../settings/cache.js';
import { gatherEnvironment } from '../settings/environment.js';
import { EXIT, type Outcome } from './exit.js';
import { addNotes } from './helpText.js';
import { asJson, orFailureJson } from './json.js';
import { writeData } from './writeData.js';

const DESCRIPTION =
  'What packs keep for later ones: finished Blocks and digests of files. It may be removed at any time: archives are the same with it and without.';

const HELP = `
Environment: KHEADERS_PACK_CACHE names the directory, or is "off"; without it that is $XDG_CACHE_HOME/kheaders-pack or
~/.cache/kheaders-pack. What entries are authenticated with lies in $XDG_STATE_HOME/kheaders-pack/cache-secret or
~/.local/state/kheaders-pack/cache-secret, unless KHEADERS_PACK_CACHE_KEY takes its place.

Cache server: pack --remote-cache URL, or KHEADERS_PACK_REMOTE_CACHE, asks a server that speaks the HTTP protocol of
Bazel's remote cache (bazel-remote, nginx with WebDAV); KHEADERS_PACK_REMOTE_READ_ONLY=1 sends nothing to it. Credentials:
KHEADERS_PACK_REMOTE_TOKEN, or KHEADERS_PACK_REMOTE_USER and KHEADERS_PACK_REMOTE_PASSWORD, or a netrc file. With
KHEADERS_PACK_CACHE_KEY entries are authenticated; without, each Block that it sends is decoded and compared.

Examples:
  kheaders-pack cache info                       where it is and what it holds
  kheaders-pack cache verify                     read it all; exit 1: damaged
  kheaders-pack cache prune --cache-size 200MiB  keep what was used last
  kheaders-pack cache clear --cache /var/tmp/k   remove it`;

interface Flags {
  cache?: string;
  cacheSize?: string;
  json?: string;
  quiet?: true;
}

/** What a subcommand has to tell: as JSON, and in words. */
interface Answer {
  readonly data: object;
  readonly text: string;
  readonly exitCode: number;
}

/** `kheaders-pack cache`: info, verify, prune, clear. */
export function cacheCommand(program: Command, outcome: Outcome): Command {
  const command = new Command('cache').summary('look after what packs keep').description(DESCRIPTION);
  addNotes(command, HELP).copyInheritedSettings(program);
  for (const [name, summary, act] of SUBCOMMANDS) {
    const subcommand = new Command(name)
      .summary(summary)
      .description(`${summary[0]?.toUpperCase()}${summary.slice(1)}.`);
    addNotes(subcommand, HELP).copyInheritedSettings(program);
    for (const option of options()) subcommand.addOption(option);
    const run = async (flags: Flags): Promise<void> => {
      const answer = await act(settingsOf(flags)).catch(inOurWords);
      if (flags.json !== undefined) await writeData(flags.json, asJson(answer.data));
      else if (flags.quiet !== true) await writeData('-', answer.text);
      outcome.exitCode = answer.exitCode;
    };
    subcommand.action((flags: Flags) => orFailureJson(flags.json, () => run(flags)));
    command.addCommand(subcommand);
  }
  return command;
}

function options(): Option[] {
  return [
    new Option('--cache <DIR>', "the cache directory (default: the user's own)"),
    new Option('--cache-size <SIZE>', 'what it may hold (default: 1GiB)'),
    new Option('--json [=FILE]', 'the answer as JSON, to standard output or FILE; after a failure the error'),
    new Option('-q, --quiet', 'print errors only'),
  ];
}

function settingsOf({ cache, cacheSize }: Flags): LocalCacheSettings {
  const { local } = resolveCache({ cache: cache ?? true, cacheSize }, gatherEnvironment());
  if (local !== null) {
    requireReadable(local.directory, cache !== undefined);
    return local;
  }
  const reason = 'KHEADERS_PACK_CACHE is "off", or HOME is not set (name one with --cache DIR)';
  throw new KheadersPackError('E_CACHE', { reason });
}

/**
 * A pack passes over a directory that it cannot read; here that would be an answer to another question.
 *
 * @param isNamed whether it has to be there: the user's own is, once something has been packed
 */
function requireReadable(directory: string, isNamed: boolean): void {
  try {
    readdirSync(directory);
  } catch (error) {
    if (systemCode(error) === 'ENOENT' && !isNamed) return;
    throw new KheadersPackError('E_CACHE', { reason: `"${directory}": ${systemReason(error)}` }, { cause: error });
  }
}

/** What the file system has against it. */
function inOurWords(error: unknown): never {
  if (error instanceof KheadersPackError) throw error;
  throw new KheadersPackError('E_CACHE', { reason: systemReason(error) }, { cause: error });
}

/** Name, what it does, and the doing. The code is loaded with the command: a pack has no time for it. */
const SUBCOMMANDS: readonly [string, string, (settings: LocalCacheSettings) => Promise<Answer>][] = [
  ['info', 'tell where the cache is and what it holds', info],
  ['verify', 'read everything in the cache, and remove what is damaged', verify],
  ['prune', 'remove what was of no use for longest, until the rest fits', prune],
  ['clear', 'remove everything in the cache', clear],
];

async function info({ directory, maxSize }: LocalCacheSettings): Promise<Answer> {
  const { cacheContents } = await import('../cache/upkeep.js');
  const contents = cacheContents(directory);
  const { blocks, trees, unfinished } = contents;
  const text = [
    `Directory: ${directory}`,
    `Blocks: ${blocks.files}, ${formatSize(blocks.bytes)}`,
    `Trees: ${trees.files} indexes and outlines, ${formatSize(trees.bytes)}`,
    ...(unfinished.files === 0 ? [] : [`Unfinished: ${unfinished.files}, ${formatSize(unfinished.bytes)}`]),
    `Limit: ${formatSize(maxSize)}`,
  ];
  return answered({ directory, ...contents, maxSize }, text);
}

async function verify(settings: LocalCacheSettings): Promise<Answer> {
  const { verifyCache } = await import('../cache/verifyCache.js');
  const verdict = verifyCache(settings);
  const { good, dropped, foreign } = verdict;
  const text = [
    ...dropped.map(path => `Dropped, damaged or forged: ${path}`),
    `${good} files are good, ${dropped.length} were dropped`,
    ...(foreign === 0 ? [] : [`${foreign} files belong to another secret, and only who has it can check them`]),
  ];
  const exitCode = dropped.length === 0 ? EXIT.done : EXIT.negative;
  return { ...answered({ directory: settings.directory, ...verdict }, text), exitCode };
}

async function prune({ directory, maxSize }: LocalCacheSettings): Promise<Answer> {
  const { pruneCache } = await import('../cache/upkeep.js');
  const removed = pruneCache(directory, maxSize, Date.now());
  return answered({ directory, removed }, [`Removed ${removed.files} files, ${formatSize(removed.bytes)}`]);
}

async function clear({ directory }: LocalCacheSettings): Promise<Answer> {
  const { clearCache } = await import('../cache/upkeep.js');
  const removed = clearCache(directory);
  return answered({ directory, removed }, [`Removed ${removed.files} files, ${formatSize(removed.bytes)}`]);
}

function answered(data: object, lines: readonly string[]): Answer {
  return {
    data: { schema: 'kheaders-pack/cache/1', ...data },
    text: lines.map(line => `${line}\n`).join(''),
    exitCode: EXIT.done,
  };
}
