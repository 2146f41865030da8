import { Command, Option } from 'commander';
import { CODEC_NAMES } from '../lzma/codec.js';
import { PEER_NAMES } from '../measure/peers.js';
import { CHECK_KINDS, ORDERS, PRESETS, PROFILES, STRIP_MODES } from '../settings/choices.js';
import { ARCH_NAMES } from '../tree/arch.js';
import type { BenchFlags } from './bench.js';
import type { Outcome } from './exit.js';
import { addNotes } from './helpText.js';
import { ListedOption } from './listed.js';

const HELP = `
Every combination of the lists is packed in processes of its own, in turns (A B C A B C), and the medians are compared.
One pack before the first round is not counted; its tar is what the peers compress. Exit code 1: the same settings gave
different archives, which is a bug worth reporting.

A sweep that is stopped has lost its runs, unless --resume names a file or a result goes to one: then the same command
goes on. Where standard error is no terminal, it has a line on how far the sweep is each half minute.

Peers: ${PEER_NAMES.join(', ')}.

Examples:
  kheaders-pack bench --jobs 1,2,4 --block-size 1M,2M,4M         what do threads and Blocks bring here?
  kheaders-pack bench --preset 3,6,9e --peers all --report r.html
  kheaders-pack bench --from-tar headers.tar --peers xz,zstd     the encoders alone, on one tar
  kheaders-pack bench --strip comments,tokens --time 10m         spend ten minutes where it is undecided
  kheaders-pack bench --lzma2 nice=64 --lzma2 nice=273,depth=512 --json=result.json`;

/** `kheaders-pack bench`. */
export function benchCommand(program: Command, outcome: Outcome): Command {
  const command = new Command('bench')
    .summary('measure settings, and other programs, on a tree or tar')
    .description('Measures combinations of settings on a kernel tree or a tar: time, memory, size, decode speed.')
    .argument('[TREE]', 'the kernel tree (default: as for pack)');
  addNotes(command, HELP);
  for (const option of sweptOptions()) command.addOption(option.helpGroup('Swept (a list of values each):'));
  for (const option of otherOptions()) command.addOption(option);
  command.copyInheritedSettings(program);
  return command.action(async (tree: string | undefined, flags: BenchFlags) => {
    // Loaded only now, so that a pack does not start later for it.
    const { bench } = await import('./bench.js');
    outcome.exitCode = await bench(tree, flags);
  });
}

function sweptOptions(): Option[] {
  return [
    new Option('-j, --jobs <LIST>', 'worker threads (default: as many as there are processors to use)'),
    new Option('--block-size <LIST>', 'largest Block before compression (default: 32MiB; liblzma: 4MiB)'),
    new ListedOption('--preset <LIST>', 'LZMA presets (default: 6)', PRESETS),
    new Option('--lzma2 <K=V,...>', 'LZMA2 options; give it once for each value').argParser(collect),
    new ListedOption('--strip <LIST>', 'strip modes (default: comments)', STRIP_MODES),
    new ListedOption('--order <LIST>', 'orders (default: files-first)', ORDERS),
    new ListedOption('--codec <LIST>', 'LZMA2 encoders (default: radix)', CODEC_NAMES),
    new ListedOption('--check <LIST>', 'integrity checks (default: crc64)', CHECK_KINDS),
    new ListedOption('--profile <LIST>', 'profiles (default: headers)', PROFILES),
  ];
}

function otherOptions(): Option[] {
  return [
    new Option('--objtree <DIR>', 'object tree (O= of make) to lay over TREE'),
    new ListedOption('--arch <NAME>', "ARCH or SRCARCH name (default: from .config, else this machine's)", ARCH_NAMES),
    new Option('--mtime <T>', 'time stamp of all entries, as for pack'),
    new Option('--from-tar <FILE>', 'compress this tar (plain or .xz) instead of packing a tree'),
    new ListedOption('--peers <LIST>', 'none, all, or names (default: none)', ['none', 'all', ...PEER_NAMES]),
    new Option('--repetitions <N>', 'counted runs of each (default: 5)'),
    new Option('--time <T>', 'spend so long (90s, 10m, 1h), most of it where the front of size and time is undecided'),
    new Option('--resume <FILE>', 'keep the runs in FILE as they end, and go on from those that are there'),
    new Option(
      '--json [=FILE]',
      'the result as JSON, to standard output or FILE; on standard output, after a failure, the error',
    ),
    new Option('--csv <FILE>', 'the result as CSV; - is standard output'),
    new Option('--report <FILE>', 'the result as one HTML page with pictures'),
    new Option('--svg <DIR>', 'the pictures alone, as SVG files'),
    new Option('-q, --quiet', 'no progress and no notices'),
  ];
}

function collect(value: string, earlier: string[] | undefined): string[] {
  return [...(earlier ?? []), value];
}
