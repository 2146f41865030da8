import { succeeded } from './archive.js';
import { type ChildOptions, runCli } from './cli.js';

/** The parts of `--dry-run --json` that tests look at. */
export interface DryRun {
  readonly schema: string;
  readonly tarSize: number;
  readonly mtime: number;
  readonly blocks: readonly { readonly size: number }[];
  readonly entries: readonly {
    readonly kind: string;
    readonly path: string;
    readonly pathBase64?: string;
    readonly mode: number;
    readonly size?: number;
    readonly target?: string;
  }[];
}

/** What a command line would write, and what it says on standard error. */
export async function dryRun(
  args: readonly string[],
  options: ChildOptions = {},
): Promise<{ plan: DryRun; stderr: string }> {
  const { stdout, stderr } = succeeded(await runCli([...args, '--dry-run', '--json', '--jobs', '1'], options));
  return { plan: JSON.parse(stdout.toString()), stderr };
}

/** The paths that a command line would archive, directories left out, without `./`. */
export async function plannedPaths(args: readonly string[], options: ChildOptions = {}): Promise<string[]> {
  const { plan } = await dryRun(args, options);
  return plan.entries.filter(({ kind }) => kind !== 'directory').map(({ path }) => path.slice('./'.length));
}
