import { Command, CommanderError } from 'commander';
import { cacheCommand } from './cacheCommand.js';
import { EXIT, type Outcome } from './exit.js';
import { packCommand } from './packCommand.js';
import { writeData } from './writeData.js';

const DESCRIPTION = 'Packs the headers of a Linux kernel tree into a reproducible kheaders.tar.xz, in parallel.';

const EXAMPLES = `
Examples:
  kheaders-pack                            pack the kernel tree here, or the running kernel's headers
  kheaders-pack ~/linux -o /tmp/k.tar.xz   pack another tree to another place
  kheaders-pack --jobs 16 --compat         the tar of gen_kheaders.sh, byte for byte, in parallel
  kheaders-pack pack --help                all options of the default command

The same tree, settings and time stamp give the same bytes, whatever the jobs, machine, user or time.
Exit codes: 0 done, 1 a negative answer, 2 trouble; 128 + number after a signal; 141 when a pipe's reader went away.`;

/**
 * Runs a command line and gives its exit code.
 *
 * @throws KheadersPackError
 */
export async function run(args: readonly string[]): Promise<number> {
  let help = '';
  const outcome: Outcome = { exitCode: EXIT.done };
  const program = new Command('kheaders-pack')
    .description(DESCRIPTION)
    .option('-V, --version', 'print the version (with --verbose: codec and build)')
    .addHelpText('after', EXAMPLES)
    .configureOutput({
      writeOut: text => {
        help += text;
      },
      outputError: (text, write) => write(text.replace(/^error: /, 'kheaders-pack: ')),
    })
    .showHelpAfterError('(run kheaders-pack pack --help for the options)')
    .exitOverride();
  program.addCommand(packCommand(program), { isDefault: true });
  program.addCommand(cacheCommand(program, outcome));
  try {
    await program.parseAsync(spelledOut(args), { from: 'user' });
    return outcome.exitCode;
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    if (error.exitCode !== 0) return EXIT.trouble;
    await writeData('-', help);
    return EXIT.done;
  }
}

/** `--json` alone means standard output; spelled out, it cannot swallow the argument behind it. */
function spelledOut(args: readonly string[]): string[] {
  const end = args.indexOf('--');
  return args.map((arg, i) => (arg === '--json' && (end === -1 || i < end) ? '--json=-' : arg));
}
