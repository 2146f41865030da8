/**
 * `npm run test:release [-- PACKAGE RELEASE]`: proves what is said of packages and releases, from two fresh clones of what is committed: they are
 * the same, byte for byte, and they install, work and uninstall for a user without rights. A release does so without a network, a
 * compiler or Python. With the paths of a package and a release it is those that are installed, and none is made.
 *
 * Exit codes: 0 all claims hold, 1 one does not, 2 trouble.
 */
import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { missingCommands, output } from '../corpus/command.js';
import { claim, ProofError, prove, type Transcript } from '../corpus/proof.js';
import { generateTree } from '../corpus/synthetic.js';
import { PROGRAM, PROJECT_ROOT } from '../corpus/trees.js';
import { TOOL } from '../src/version.js';
import { bench, expected, proveInstalled, proveLibrary } from './proof/installed.js';
import { Stranger } from './proof/stranger.js';
import { releaseName, sha256 } from './release.js';

const TOOLS = ['git', 'npm', 'tar', 'gzip', 'unshare', 'setpriv', 'sha256sum', 'make', 'g++', 'python3'];

/** What two makers may differ in, besides the time. */
const MAKERS = [
  { where: 'first', umask: '022', env: { TZ: 'UTC', LC_ALL: 'C' } },
  { where: join('deeper', 'and second'), umask: '077', env: { TZ: 'Pacific/Chatham', LC_ALL: 'C.UTF-8' } },
] as const;

process.exitCode = main(process.argv.slice(2));

function main([plain, release]: string[]): number {
  const missing = missingCommands(TOOLS);
  if (process.getuid?.() !== 0) missing.push('root');
  if (missing.length > 0) {
    process.stderr.write(`Cannot prove it without ${missing.join(', ')}\n`);
    return 2;
  }
  return prove(transcript => {
    const work = mkdtempSync(join(tmpdir(), 'kheaders-pack-proof-'));
    try {
      const made =
        plain !== undefined && release !== undefined ? { package: plain, release } : proveSame(work, transcript);
      proveInstallation(made, work, transcript);
    } finally {
      rmSync(work, { recursive: true, force: true });
    }
  });
}

/** Two makers make the same. */
function proveSame(work: string, transcript: Transcript): Made {
  const made = MAKERS.map(maker =>
    transcript.step(`clone, npm ci, npm pack, npm run release (umask ${maker.umask}, ${maker.env.TZ})`, () =>
      make(work, maker),
    ),
  );
  for (const kind of ['package', 'release', 'sbom'] as const) {
    const digests = made.map(each => sha256(each[kind]));
    transcript.say(`   ${kind}: ${statSync(made[0]?.[kind] ?? '').size} bytes, SHA-256 ${digests.join(' and ')}`);
    claim(new Set(digests).size === 1, `the two clones make the same ${kind}`);
  }
  const [first] = made;
  if (first === undefined) throw new ProofError('Nothing was made');
  return first;
}

function proveInstallation(
  { package: plain, release }: Pick<Made, 'package' | 'release'>,
  work: string,
  transcript: Transcript,
): void {
  const tree = join(work, 'tree');
  generateTree(tree, { headers: 300, seed: 9 });
  const digests = transcript.step('what the checkout makes of a tree', () => expected(PROGRAM, tree, work));

  const stranger = new Stranger(join(work, 'stranger'), tree);
  transcript.step('npm install -g RELEASE: no network, compiler or Python, an empty prefix, no root', () => {
    stranger.isOffline = true;
    stranger.install(release);
    proveInstalled(stranger, stranger.program, digests, '-O3');
    bench(stranger);
  });
  transcript.step('npm uninstall -g', () => uninstall(stranger));
  transcript.step('npm install RELEASE into a project, and the library', () =>
    proveLibrary(stranger, release, digests),
  );
  transcript.step('unpacked by tar, and its SHA256SUMS', () => {
    const root = stranger.unpack(release, releaseName());
    proveInstalled(stranger, join(root, 'dist/bin/main.js'), digests, '-O3');
  });
  transcript.step('npm install -g PACKAGE: from the registry, no compiler or Python', () => {
    stranger.isOffline = false;
    stranger.install(plain);
    proveInstalled(stranger, stranger.program, digests, 'prebuilt');
  });
  transcript.step('npm uninstall -g', () => uninstall(stranger));
}

function uninstall(stranger: Stranger): void {
  stranger.uninstall();
  const left = stranger.filesOfPrefix();
  claim(left.length === 0, `nothing is left of it in the prefix (${left.join(', ')})`);
}

interface Made {
  readonly package: string;
  readonly release: string;
  readonly sbom: string;
}

function make(work: string, { where, umask, env }: (typeof MAKERS)[number]): Made {
  const clone = join(work, where);
  // Nothing is built but by npm pack.
  const script = [
    `umask ${umask}`,
    'git clone -q -- "$1" "$2"',
    'cd "$2"',
    'npm ci --silent --ignore-scripts',
    'npm pack --silent --ignore-scripts=false',
    'npm run --silent --ignore-scripts release',
  ].join(' && ');
  output('sh', ['-c', script, 'sh', PROJECT_ROOT, clone], { cwd: work, env });
  return {
    package: join(clone, `${TOOL.name}-${TOOL.version}.tgz`),
    release: join(clone, 'release', `${releaseName()}.tar.gz`),
    sbom: join(clone, 'release', `${releaseName()}.cdx.json`),
  };
}
