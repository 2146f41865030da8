import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { constants, tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { CorpusError, missingCommands } from './command.js';
import { type Outcome, trials, type Verdict } from './parity/trials.js';
import { availableTrees, type CorpusTree } from './trees.js';

const HELP = `Usage: npm run parity [-- OPTIONS] [-- SOURCE[:OBJECT]...]

The proof of the drop-in: runs the kernel's own kernel/gen_kheaders.sh and kheaders-pack --compat on the same trees with
the same time stamp under TZ=UTC, and compares the tars inside byte by byte. On the trees that npm run corpus (-- --full)
fetched, or on those named; then on made-up ones. One line per case on standard output:
same|differs|skipped|trouble, case, bytes of the tar, bytes of our archive, SHA-256 of the tar (or why there are none).

  --quick         the first case only
  --xz            have the script compress with xz, and decompress that; else it hands over what xz would get
  --help          this text

Exit codes: 0 all same, 1 something differs, 2 trouble, or nothing could be compared.
`;

process.exitCode = await main(process.argv.slice(2));

async function main(args: string[]): Promise<number> {
  // With a listener, a signal ends the command under way and not us, so that trees are put back as they were.
  let stopped: NodeJS.Signals | null = null;
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.on(signal, () => {
      stopped = signal;
    });
  }
  const scratch = mkdtempSync(join(tmpdir(), 'kheaders-pack-parity-'));
  try {
    return await parity(args, scratch, () => stopped);
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    process.stderr.write(`${error.message}\n`);
    return 2;
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
}

async function parity(args: string[], scratch: string, stopSignal: () => NodeJS.Signals | null): Promise<number> {
  const { values, positionals } = parseArgs({
    args,
    allowPositionals: true,
    options: {
      quick: { type: 'boolean', default: false },
      xz: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) {
    process.stdout.write(HELP);
    return 0;
  }
  const missing = missingCommands(['sh', 'perl', 'cpio', 'tar', 'xz', 'cmp', 'find', 'xargs', 'md5sum']);
  if (missing.length > 0)
    throw new CorpusError(
      `Cannot find ${missing.join(', ')} on PATH: install ${missing.length === 1 ? 'it' : 'them'} first`,
    );
  const bench = { scratch, real: values.xz };
  const seen = new Set<Verdict>();
  for (const trial of trials(positionals.length > 0 ? positionals.map(namedTree) : availableTrees(), bench)) {
    seen.add(report(trial));
    // Signals reach their listeners only while the event loop polls.
    await setTimeout(1);
    const signal = stopSignal();
    if (signal !== null) return 128 + constants.signals[signal];
    if (values.quick && trial.verdict !== 'skipped') break;
  }
  if (seen.has('trouble')) return 2;
  if (seen.has('differs')) return 1;
  return seen.has('same') ? 0 : 2;
}

/** `SOURCE` or `SOURCE:OBJECT`. */
function namedTree(text: string): CorpusTree {
  const [source = '', object] = text.split(':');
  const absent = [source, ...(object === undefined ? [] : [object])].find(path => !existsSync(path));
  if (absent !== undefined) throw new CorpusError(`Cannot use tree "${absent}": no such directory`);
  return { name: source, source: resolve(source), object: object === undefined ? null : resolve(object) };
}

function report(outcome: Outcome): Verdict {
  const figures = outcome.comparison;
  const columns =
    figures === null
      ? outcome.remarks.slice(0, 1)
      : [String(figures.tarBytes), String(figures.archiveBytes), figures.sha256];
  process.stdout.write(`${[outcome.verdict.padEnd(8), outcome.name, ...columns].join('  ')}\n`);
  for (const line of outcome.remarks.slice(figures === null ? 1 : 0)) process.stderr.write(`  ${line}\n`);
  return outcome.verdict;
}
