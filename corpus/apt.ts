import { createHash } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { CorpusError, missingCommands, output } from './command.js';
import type { PackageRecord } from './record.js';
import type { Series } from './trees.js';
import { byNumbers } from './versions.js';

const TOOLS = ['apt-cache', 'apt-get', 'dpkg-deb'];

/** @throws CorpusError where the machine has no apt */
export function requireApt(): void {
  const missing = missingCommands(TOOLS);
  if (missing.length === 0) return;
  throw new CorpusError(
    `Cannot find ${missing.join(', ')} on PATH: real trees come from Debian's packages (make one up with npm run corpus -- --synthetic)`,
  );
}

/** Refreshes apt's lists when they know no kernel package at all and we may. */
export function refreshLists(): void {
  if (search('^linux-headers-6').length > 0) return;
  if (process.getuid?.() !== 0) {
    throw new CorpusError(
      "Cannot find any kernel header package in apt's lists: run apt-get update as root, then this again",
    );
  }
  output('apt-get', ['update', '-q']);
}

/**
 * The newest pair of header packages of a series: what the flavours share, and the plain amd64 flavour (neither -rt nor -cloud).
 *
 * @throws CorpusError when apt knows none
 */
export function headerPackages(series: Series): string[] {
  const escaped = series.replace('.', '\\.');
  const release = new RegExp(`^linux-headers-(${escaped}\\.\\d+(?:-\\d+)?(?:[+~.][a-z0-9.+~]+)?)-(common|amd64)$`);
  const halves = new Map<string, Set<string>>();
  for (const name of search(`^linux-headers-${escaped}\\.`)) {
    const [, version, half] = release.exec(name) ?? [];
    if (version !== undefined && half !== undefined) halves.set(version, (halves.get(version) ?? new Set()).add(half));
  }
  const newest = [...halves]
    .filter(([, found]) => found.size === 2)
    .map(([version]) => version)
    .sort(byNumbers)
    .at(-1);
  if (newest === undefined)
    throw new CorpusError(`Cannot find linux-headers-${series}.*-common with its -amd64 pair in apt's lists`);
  return [`linux-headers-${newest}-common`, `linux-headers-${newest}-amd64`];
}

/**
 * What the flavours of the newest point releases of a series share: their `-common` packages, oldest first.
 *
 * @throws CorpusError when apt knows fewer than two
 */
export function releasePackages(series: Series, count: number): string[] {
  const release = new RegExp(`^linux-headers-${series.replace('.', '\\.')}\\.[0-9.+~a-z-]*[0-9]-common$`);
  const found = search(`^linux-headers-${series.replace('.', '\\.')}\\.`).filter(name => release.test(name));
  const newest = found.sort(byNumbers).slice(-count);
  if (newest.length < 2) throw new CorpusError(`Cannot find several linux-headers-${series}.*-common in apt's lists`);
  return newest;
}

/** @throws CorpusError when apt does not know it */
export function sourcePackage(series: Series): string {
  const name = `linux-source-${series}`;
  if (!search(`^linux-source-${series.replace('.', '\\.')}$`).includes(name)) {
    throw new CorpusError(`Cannot find ${name} in apt's lists`);
  }
  return name;
}

/** Downloads a package into a new directory and returns the .deb with what to record of it. */
export function download(name: string, directory: string): { deb: string; record: PackageRecord } {
  mkdirSync(directory);
  output('apt-get', ['download', '-q', name], { cwd: directory });
  const file = readdirSync(directory).find(entry => entry.endsWith('.deb'));
  if (file === undefined) throw new CorpusError(`Cannot find the .deb that apt-get download ${name} left`);
  const deb = join(directory, file);
  const sha256 = createHash('sha256').update(readFileSync(deb)).digest('hex');
  return { deb, record: { package: name, version: output('dpkg-deb', ['-f', deb, 'Version']).trim(), sha256 } };
}

/** Package names that a regular expression matches. */
function search(pattern: string): string[] {
  const lines = output('apt-cache', ['search', '--names-only', pattern]).split('\n');
  return lines.map(line => line.split(' ')[0] ?? '').filter(name => name !== '');
}
