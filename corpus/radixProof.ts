/**
 * What the radix encoder makes of large and awkward inputs and of the corpora, given back by five decoders; and the same
 * bytes for every number of jobs, on several versions of Node:
 *
 *     npm run test:radix [-- WORD...]
 *
 * Of the parts those are run whose title holds one of the words (`zeros`, `random`, `compressed`, `text`, `tree`, `jobs`); without
 * any, all. Small inputs of the same kinds are in `npm test` (`test/lzma/radix.test.ts`).
 *
 * Exit codes: 0 all claims hold, 1 one does not, 2 trouble.
 */
import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { withNode } from '../packaging/nodeRelease.js';
import { CorpusError, missingCommands, output } from './command.js';
import { claim, prove, type Transcript } from './proof.js';
import { decodersHere, digestOf } from './radixProof/decoders.js';
import { awkwardTars, treesOf } from './radixProof/inputs.js';
import { PROGRAM } from './trees.js';

const TOOLS = ['sh', 'head', 'tar', 'find', 'sort', 'xargs', 'cat', 'xz', 'sha256sum', 'npm'];
/** The settings that inputs are encoded with: the largest Block, the default, and the smallest that workers share. */
const SETTINGS = [
  ['--preset', '9', '--block-size', '64MiB'],
  ['--preset', '6', '--block-size', '32MiB'],
  ['--preset', '3', '--block-size', '8MiB'],
] as const;
/** Beside the one that runs this. */
const NODES = ['20', '22', '24'];
const JOBS = Array.from({ length: 16 }, (_, i) => i + 1);

const QUIET = { env: { KHEADERS_PACK_CACHE: 'off' } };

process.exitCode = main(process.argv.slice(2));

function main(words: readonly string[]): number {
  const missing = missingCommands(TOOLS);
  if (missing.length > 0) {
    process.stderr.write(`Cannot prove it without ${missing.join(', ')}\n`);
    return 2;
  }
  return prove(transcript => {
    const work = mkdtempSync(join(tmpdir(), 'kheaders-pack-radix-'));
    try {
      proveAll(words, work, transcript);
    } finally {
      rmSync(work, { recursive: true, force: true });
    }
  });
}

function proveAll(words: readonly string[], work: string, transcript: Transcript): void {
  const isAsked = (title: string): boolean => words.length === 0 || words.some(word => title.includes(word));
  const { decoders, absent } = decodersHere();
  for (const name of absent) transcript.say(`   without ${name}, which is not here`);
  let count = 0;
  for (const { title, make } of awkwardTars(work)) {
    if (!isAsked(title)) continue;
    const tar = make();
    transcript.step(`${title}: ${statSync(tar).size} bytes of tar`, () => {
      for (const settings of SETTINGS) {
        const archive = join(work, 'k.tar.xz');
        pack(process.execPath, ['--from-tar', tar, ...settings, '--jobs', '2'], archive);
        const expected = digestOf('cat', [tar]);
        for (const { name, command, args } of decoders) {
          claim(
            digestOf(command, [...args, archive]) === expected,
            `${name} gives ${title} back (${settings.join(' ')})`,
          );
          count++;
        }
        transcript.say(`   ${settings.join(' ')}: ${statSync(archive).size} bytes`);
      }
    });
    rmSync(tar);
  }
  for (const { title, args } of treesOf(work)) {
    if (isAsked(`tree ${title}`)) {
      transcript.step(`tree ${title}`, () => {
        count += proveTree(args(), work);
      });
    }
    if (isAsked(`jobs ${title}`)) {
      transcript.step(`jobs 1 to ${JOBS.length} on Node ${NODES.join(', ')}: ${title}`, () =>
        proveJobs(args(), work, transcript),
      );
    }
  }
  transcript.say(`   ${count} times an archive was given back`);
}

/** A tree's tar, as its own liblzma archive holds it, is what every decoder gives. */
function proveTree(args: readonly string[], work: string): number {
  const [archive, other] = [join(work, 'k.tar.xz'), join(work, 'liblzma.tar.xz')];
  pack(process.execPath, [...args, '--jobs', '2'], archive);
  output(process.execPath, [PROGRAM, 'pack', ...args, '--codec', 'liblzma', '--preset', '0', '-q', '-o', other], QUIET);
  const expected = digestOf('xz', ['-dc', other]);
  const { decoders } = decodersHere();
  for (const { name, command, args: options } of decoders) {
    claim(digestOf(command, [...options, archive]) === expected, `${name} gives the tree back`);
  }
  return decoders.length;
}

function proveJobs(args: readonly string[], work: string, transcript: Transcript): void {
  const digests = new Set<string>();
  const archive = join(work, 'jobs.tar.xz');
  const packWith = (node: string, told: string): void => {
    for (const jobs of JOBS) {
      pack(node, [...args, '--jobs', String(jobs)], archive);
      digests.add(digestOf('cat', [archive]));
      claim(digests.size === 1, `${jobs} jobs on Node ${told} make the same bytes`);
    }
    transcript.say(`   Node ${told}: ${statSync(archive).size} bytes, SHA-256 ${[...digests].join()}`);
  };
  packWith(process.execPath, process.version);
  for (const version of NODES) {
    try {
      withNode(version, ({ bin, version: told }) => packWith(join(bin, 'node'), told));
    } catch (error) {
      if (!(error instanceof CorpusError)) throw error;
      transcript.say(`   without Node ${version}: ${error.message}`);
    }
  }
}

function pack(node: string, args: readonly string[], archive: string): void {
  output(node, [PROGRAM, 'pack', ...args, '--codec', 'radix', '-q', '-o', archive], QUIET);
}
