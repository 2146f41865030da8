import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { type Ended, run, runCli } from './cli.js';
import { sha256 } from './snapshot.js';

/** The tar inside an archive, as xz decodes it. */
export async function tarOf(archive: string): Promise<Buffer> {
  return succeeded(await run('xz', ['-dc', '--', archive])).stdout;
}

/** The names that GNU tar lists, in order; a byte string each, quoted in no way. */
export async function namesOf(archive: string): Promise<string[]> {
  const { stdout } = succeeded(await run('tar', ['--quoting-style=escape', '-tf', archive]));
  return stdout.toString('latin1').split('\n').slice(0, -1).map(unescaped);
}

/** Packs quietly, to a file, and gives the archive's SHA-256. */
export async function packed(args: readonly string[], archive: string): Promise<string> {
  succeeded(await runCli(['pack', ...args, '--quiet', '-o', archive]));
  return sha256(readFileSync(archive));
}

/** The same child, which must have ended well. */
export function succeeded(ended: Ended): Ended {
  assert.equal(ended.code, 0, `exit code ${ended.code}, signal ${ended.signal}: ${ended.stderr}`);
  return ended;
}

/** GNU tar's `escape` quoting style undone. */
function unescaped(text: string): string {
  const LETTERS: Readonly<Record<string, string>> = {
    n: '\n',
    t: '\t',
    '\\': '\\',
    r: '\r',
    b: '\b',
    f: '\f',
    v: '\v',
    a: '\x07',
  };
  return text.replace(/\\(?:([0-7]{3})|(.))/g, (_, octal: string | undefined, letter: string) =>
    octal === undefined ? (LETTERS[letter] ?? letter) : String.fromCharCode(Number.parseInt(octal, 8)),
  );
}
