import assert from 'node:assert/strict';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { PackOptions, PackSummary } from 'kheaders-pack';
import { packIn } from '../../src/archive/pack.js';
import type { CacheSummary } from '../../src/model/cache.js';
import { environment } from '../settings/settingsSamples.js';
import { sha256 } from './snapshot.js';

/** A file is trusted when it has not changed for this many milliseconds: two seconds and something for slow machines. */
const SETTLED = 2200;

/** Waits until what was written by now is old enough to be trusted. */
export function settled(): Promise<void> {
  return sleep(SETTLED);
}

/** What packs on one machine have in common: a home for the secret, and a cache directory. */
export interface Machine {
  readonly home: string;
  readonly cache: string;
}

export function machine(work: string, name = 'machine'): Machine {
  return { home: join(work, name, 'home'), cache: join(work, name, 'cache') };
}

/** Blocks of 16 KiB at most, quickly. */
const QUICK: PackOptions = { jobs: 1, preset: '0', blockSize: '16KiB', arch: 'x86' };

export interface Packed {
  readonly digest: string;
  readonly summary: PackSummary;
  readonly cache: CacheSummary;
  readonly notices: readonly string[];
}

/** Packs in this process with a machine's cache. */
export async function packOn(
  { home, cache }: Machine,
  tree: string,
  output: string,
  options: PackOptions = {},
  variables: Readonly<Record<string, string>> = {},
): Promise<Packed> {
  const notices: string[] = [];
  const onNotice = (notice: string): void => void (notice.startsWith('Packing /') || notices.push(notice));
  const asked = { ...QUICK, trees: [tree], output, cache, onNotice, ...options };
  const summary = await packIn(environment({ variables: { HOME: home, ...variables } }), asked);
  assert.ok(summary.cache !== null);
  const digest = sha256(readFileSync(output));
  assert.equal(digest, summary.digest);
  return { digest, summary, cache: summary.cache, notices };
}

/** The digest of the archive that is packed without any cache. */
export async function packCold(tree: string, output: string, options: PackOptions = {}): Promise<string> {
  const { digest, cache } = await packIn(environment({}), { ...QUICK, trees: [tree], output, ...options });
  assert.equal(cache, null);
  return digest;
}

/** Paths of the files that a cache directory holds of one kind: `blocks`, `trees`, `plans` or `tmp`. */
export function kept({ cache }: Machine, kind: string): string[] {
  const all = readdirSync(cache, { recursive: true, withFileTypes: true });
  const files = all.filter(entry => entry.isFile()).map(entry => join(entry.parentPath, entry.name));
  return files.filter(path => new RegExp(`/1-[0-9a-f]{16}/${kind}/`).test(path)).sort();
}

/** Changes the bytes of a file in place. */
export function rewrite(path: string, change: (bytes: Buffer) => Buffer): void {
  writeFileSync(path, change(readFileSync(path)));
}
