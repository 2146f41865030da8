import { createHash } from 'node:crypto';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { CorpusError, missingCommands, output } from '../corpus/command.js';
import { PROJECT_ROOT } from '../corpus/trees.js';
import { TOOL } from '../src/version.js';
import { installDependencies } from './releaseDependencies.js';
import { makeSbom } from './sbom.js';

/** Where releases are put; git ignores it. */
export const RELEASE_DIR = join(PROJECT_ROOT, 'release');

const TOOLS = ['npm', 'tar', 'gzip', 'find', 'sha256sum', 'sort', 'xargs'];
/** npm gives every file of a package this time, 1985-10-26 08:15 UTC; so do we. Seconds since 1970. */
const MTIME = 499_162_500;
const SUMS = 'SHA256SUMS';

/** The name of a release and of the directory in it. */
export function releaseName(): string {
  return `${TOOL.name}-${TOOL.version}-${process.platform}-${process.arch}`;
}

/**
 * Makes the release of this machine's platform: an npm package with all that it depends on inside, liblzma built at -O3, so
 * that neither network nor compiler is needed where it is installed, and no script runs there. It can also be unpacked and
 * used as it is.
 *
 * The archive is a function of the sources, the lock, the compiler and gzip. Whoever makes it, where and when does not matter.
 *
 * @param directory where `releaseName()` with `.tar.gz` and `.cdx.json`, and SHA256SUMS, are put
 * @returns the archive's path
 * @throws CorpusError
 */
export async function makeRelease(directory: string): Promise<string> {
  const missing = missingCommands(TOOLS);
  if (missing.length > 0) throw new CorpusError(`Cannot make a release without ${missing.join(', ')}`);
  const work = mkdtempSync(join(tmpdir(), 'kheaders-pack-release-'));
  try {
    const root = join(work, releaseName());
    unpackPackage(work, root);
    installDependencies(join(work, 'dependencies'), root);
    const sbom = await makeSbom(['optional']);
    writeFileSync(join(root, 'sbom.cdx.json'), sbom);
    writeFileSync(join(root, 'package.json'), releaseManifest(root));
    cpSync(join(PROJECT_ROOT, 'package-lock.json'), join(root, 'package-lock.json'));
    const sums = `find . -type f ! -name ${SUMS} | LC_ALL=C sort | xargs -d '\\n' sha256sum > ${SUMS}`;
    output('sh', ['-c', sums], { cwd: root });
    return publish(work, directory, sbom);
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
}

/** What `npm pack` takes is what a release has of ours. */
function unpackPackage(work: string, root: string): void {
  const packed = output('npm', ['pack', '--silent', '--ignore-scripts', `--pack-destination=${work}`], {
    cwd: PROJECT_ROOT,
  });
  mkdirSync(root);
  output('tar', ['-xzf', join(work, packed.trim()), '-C', root, '--strip-components=1']);
}

/** Everything is inside, and built: nothing is fetched, nothing is run, and no other platform is served. */
function releaseManifest(root: string): string {
  const { scripts, devDependencies, allowScripts, ...manifest } = JSON.parse(
    readFileSync(join(root, 'package.json'), 'utf8'),
  );
  const bundleDependencies = Object.keys(manifest.dependencies);
  const platform = { os: [process.platform], cpu: [process.arch], libc: ['glibc'] };
  return `${JSON.stringify({ ...manifest, ...platform, bundleDependencies }, null, 2)}\n`;
}

function publish(work: string, directory: string, sbom: string): string {
  const name = releaseName();
  const made = join(work, `${name}.tar`);
  const owner = ['--owner=0', '--group=0', '--numeric-owner', '--mode=u=rwX,go=rX'];
  output('tar', ['--format=ustar', '--sort=name', `--mtime=@${MTIME}`, ...owner, '-cf', made, '-C', work, name]);
  output('gzip', ['-9n', made]);
  mkdirSync(directory, { recursive: true });
  const archive = join(directory, `${name}.tar.gz`);
  cpSync(`${made}.gz`, archive);
  writeFileSync(join(directory, `${name}.cdx.json`), sbom);
  const sums = [archive, join(directory, `${name}.cdx.json`)].map(path => `${sha256(path)}  ${basename(path)}\n`);
  writeFileSync(join(directory, SUMS), sums.join(''));
  return archive;
}

export function sha256(path: string): string {
  return createHash('sha256').update(readFileSync(path)).digest('hex');
}
