import { existsSync, mkdirSync, readlinkSync, renameSync, rmSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { download, headerPackages, refreshLists, releasePackages, requireApt, sourcePackage } from './apt.js';
import { CorpusError, output } from './command.js';
import { configureInTree, configureOutOfTree, missingBuildPackages } from './configure.js';
import { type PackageRecord, presentTree, recordTree } from './record.js';
import { availableTrees, RELEASES, SERIES, type Series, TREES_DIR } from './trees.js';

/** Told what goes on, a line at a time. */
export type Report = (line: string) => void;

/**
 * Fetches the real trees that are not there yet. Each is made under a `.partial` name and renamed when whole, so an
 * interrupted run leaves nothing that looks like a tree; the next run removes what it did leave.
 *
 * @param full also whole kernel sources, configured where the build tools are there
 * @param releases also the -common halves of several point releases, for bundles
 * @returns what could not be fetched; empty when all is there
 * @throws CorpusError where the machine has no apt
 */
export function fetchTrees(full: boolean, releases: boolean, report: Report): CorpusError[] {
  mkdirSync(TREES_DIR, { recursive: true });
  const steps = SERIES.flatMap(series => [() => fetchHeaders(series, report), () => fetchKbuild(series, report)]);
  if (releases) steps.push(() => fetchReleases(report));
  if (full) steps.push(...SERIES.map(series => () => fetchSource(series, report)), () => configureSources(report));
  return steps.flatMap(step => {
    try {
      step();
      return [];
    } catch (error) {
      if (error instanceof CorpusError) return [error];
      throw error;
    }
  });
}

function fetchHeaders(series: Series, report: Report): void {
  const name = `linux-headers-${series}`;
  if (presentTree(name) !== undefined) {
    report(`${name}: already there`);
    return;
  }
  prepareApt();
  assemble(
    name,
    (partial, root) => headerPackages(series).map(each => unpack(each, partial, root, name, report)),
    report,
  );
}

/**
 * What the header packages' links `scripts` and `tools` lead to: kbuild's makefiles and host programs, in a package of
 * their own. It is added to a tree that is there without it.
 */
function fetchKbuild(series: Series, report: Report): void {
  const name = `linux-headers-${series}`;
  const record = presentTree(name);
  const tree = availableTrees().find(each => each.name === name);
  if (record === undefined || tree === undefined || tree.object === null) return;
  // ../../lib/linux-kbuild-6.1/scripts
  const link = readlinkSync(join(tree.object, 'scripts'));
  const directory = join(tree.object, dirname(link));
  if (existsSync(directory)) return;
  prepareApt();
  const partial = join(TREES_DIR, `${name}-kbuild.partial`);
  rmSync(partial, { recursive: true, force: true });
  mkdirSync(partial, { recursive: true });
  try {
    const packed = unpack(basename(directory), partial, join(partial, 'root'), name, report);
    mkdirSync(dirname(directory), { recursive: true });
    renameSync(join(partial, 'root/usr/lib', basename(directory)), directory);
    recordTree(name, { ...record, packages: [...record.packages, packed] });
    report(`${name}: ${basename(directory)} added`);
  } finally {
    rmSync(partial, { recursive: true, force: true });
  }
}

/** Several point releases of one series: what a distribution's archive holds, and what a bundle is for. */
function fetchReleases(report: Report): void {
  if (presentTree(RELEASES.name) !== undefined) {
    report(`${RELEASES.name}: already there`);
    return;
  }
  prepareApt();
  assemble(
    RELEASES.name,
    (partial, root) =>
      releasePackages(RELEASES.series, RELEASES.count).map(each => unpack(each, partial, root, RELEASES.name, report)),
    report,
  );
}

function fetchSource(series: Series, report: Report): void {
  const name = `linux-source-${series}`;
  if (presentTree(name) !== undefined) {
    report(`${name}: already there`);
    return;
  }
  prepareApt();
  // An object tree belongs to the very sources it was made from.
  rmSync(join(TREES_DIR, `linux-object-${series}`), { recursive: true, force: true });
  assemble(
    name,
    (partial, root) => {
      const packed = join(partial, 'packed');
      const record = unpack(sourcePackage(series), partial, packed, name, report);
      const tarball = join(packed, 'usr', 'src', `linux-source-${series}.tar.xz`);
      output('tar', ['-xf', tarball, '-C', root, '--strip-components=1', '--no-same-owner']);
      return [record];
    },
    report,
  );
}

/** The object trees first: they need clean sources. */
function configureSources(report: Report): void {
  const waiting = SERIES.filter(
    series =>
      presentTree(`linux-source-${series}`)?.configured === false ||
      presentTree(`linux-object-${series}`) === undefined,
  );
  const missing = waiting.length === 0 ? [] : missingBuildPackages();
  if (missing.length > 0) {
    report(`Sources stay unconfigured: install ${missing.join(' ')}, then run this again`);
    return;
  }
  for (const series of waiting) {
    const source = `linux-source-${series}`;
    const object = `linux-object-${series}`;
    const record = presentTree(source);
    if (record === undefined) continue;
    if (presentTree(object) === undefined) {
      report(`${object}: configuring (about a minute)`);
      recordTree(source, { ...record, configured: false });
      assemble(
        object,
        (_partial, root) => {
          configureOutOfTree(join(TREES_DIR, source), root);
          return record.packages;
        },
        report,
        true,
      );
    }
    report(`${source}: configuring (about a minute)`);
    configureInTree(join(TREES_DIR, source));
    recordTree(source, { ...record, configured: true });
  }
}

/** Makes a tree in `NAME.partial/root` and moves it to its place when whole. */
function assemble(
  name: string,
  fill: (partial: string, root: string) => PackageRecord[],
  report: Report,
  configured = false,
): void {
  const partial = join(TREES_DIR, `${name}.partial`);
  const root = join(partial, 'root');
  rmSync(partial, { recursive: true, force: true });
  rmSync(join(TREES_DIR, name), { recursive: true, force: true });
  mkdirSync(root, { recursive: true });
  try {
    const packages = fill(partial, root);
    renameSync(root, join(TREES_DIR, name));
    recordTree(name, { packages, configured });
    report(`${name}: done`);
  } finally {
    rmSync(partial, { recursive: true, force: true });
  }
}

function unpack(name: string, partial: string, root: string, tree: string, report: Report): PackageRecord {
  report(`${tree}: downloading ${name}`);
  const { deb, record } = download(name, join(partial, name));
  report(`${tree}: unpacking ${name} ${record.version}`);
  output('dpkg-deb', ['-x', deb, root]);
  return record;
}

let isAptReady = false;

/** Once, and only when something has to be fetched: a machine that has all trees needs no apt. */
function prepareApt(): void {
  if (isAptReady) return;
  requireApt();
  refreshLists();
  isAptReady = true;
}
