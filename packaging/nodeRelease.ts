import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CorpusError, output } from '../corpus/command.js';

/**
 * Runs `work` with a Node of another version, from the registry's package `node`, which is gone afterwards.
 *
 * @param version what npm takes behind the `@`: `22`, `24.9.0`, `latest`
 * @throws CorpusError when it cannot be fetched
 */
export function withNode<T>(version: string, work: (node: OtherNode) => T): T {
  const directory = mkdtempSync(join(tmpdir(), 'kheaders-pack-node-'));
  try {
    // Tests run it as other users, too.
    chmodSync(directory, 0o755);
    // The package's own script fetches the binary.
    writeFileSync(join(directory, 'package.json'), '{ "private": true, "allowScripts": { "node": true } }\n');
    const options = ['--no-save', '--no-package-lock', '--ignore-scripts=false'];
    output('npm', ['install', ...options, `node@${version}`], { cwd: directory });
    const bin = join(directory, 'node_modules/node/bin');
    const told = output(join(bin, 'node'), ['--version']).trim();
    if (/^\d/.test(version) && !`${told}.`.startsWith(`v${version}.`))
      throw new CorpusError(`Cannot get Node ${version}: the package has ${told}`);
    return work({ bin, version: told });
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}

/** A Node that was fetched: the directory to put on the PATH, and its version (`v22.1.0`). */
export interface OtherNode {
  readonly bin: string;
  readonly version: string;
}
