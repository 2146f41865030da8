import assert from 'node:assert/strict';
import { type ChildOptions, type Ended, runCli } from './cli.js';

/**
 * Asserts what every trouble looks like: exit code 2, one line on standard error, in our words and without a stack
 * trace, and nothing on standard output. `expected` is what the line has to say.
 */
export function assertTrouble(ended: Ended, expected: RegExp): void {
  assert.equal(ended.code, 2, `exit code ${ended.code}, signal ${ended.signal}: ${ended.stderr}`);
  const lines = ended.stderr
    .trimEnd()
    .split('\n')
    .filter(line => !isNotice(line));
  assert.equal(lines.length, 1, ended.stderr);
  assert.match(lines[0] ?? '', /^kheaders-pack: /);
  assert.match(lines[0] ?? '', expected);
  assert.doesNotMatch(ended.stderr, /Internal error|\n\s+at /);
  assert.equal(ended.stdout.toString('latin1'), '');
}

/** Runs a command line that must end in trouble. */
export async function runIntoTrouble(
  args: readonly string[],
  expected: RegExp,
  options: ChildOptions = {},
): Promise<void> {
  assertTrouble(await runCli(args, options), expected);
}

/** What a run says before it fails, and the hint that follows an unknown option. */
function isNotice(line: string): boolean {
  return /^(Packing |Not configured: |Not of one kernel: |The time stamp |\(run kheaders-pack )/.test(line);
}
