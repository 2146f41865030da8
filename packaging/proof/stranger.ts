import { chmodSync, chownSync, cpSync, mkdirSync, readdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { output } from '../../corpus/command.js';
import { claim } from '../../corpus/proof.js';
import { TOOL } from '../../src/version.js';

/** nobody's number almost everywhere, and any other would do. */
const NOBODY = 65_534;
/** All that npm and an unpacker need. There is neither a compiler nor make nor Python. */
const COMMANDS = ['node', 'npm', 'sh', 'env', 'tar', 'gzip', 'sha256sum'];
const WITHOUT = ['cc', 'gcc', 'g++', 'clang', 'make', 'python', 'python3', 'node-gyp'];

/** What a machine may need to reach its registry. */
const REACHING = ['NODE_EXTRA_CA_CERTS', 'HTTPS_PROXY', 'https_proxy', 'NO_PROXY', 'no_proxy', 'npm_config_registry'];

/** Someone without rights who has a directory and a PATH with little on it, and perhaps no network. */
export class Stranger {
  isOffline = true;
  readonly tree: string;
  readonly home: string;
  readonly prefix: string;
  readonly #path: string;

  /** @param directory does not exist yet, and can be reached by everybody once this returns */
  constructor(directory: string, tree: string) {
    this.tree = tree;
    this.home = join(directory, 'home');
    this.prefix = join(directory, 'prefix');
    this.#path = join(directory, 'bin');
    for (const each of [this.home, this.prefix, this.#path]) mkdirSync(each, { recursive: true });
    for (const each of [this.home, this.prefix]) chownSync(each, NOBODY, NOBODY);
    chmodSync(join(directory, '..'), 0o755);
    for (const name of COMMANDS) {
      const real = output('sh', ['-c', 'readlink -f "$(command -v "$1")"', 'sh', name]).trim();
      symlinkSync(real, join(this.#path, name));
    }
    this.run('sh', ['-c', `for each in ${WITHOUT.join(' ')}; do ! command -v $each || exit 1; done`]);
  }

  /** The program of a global installation. */
  get program(): string {
    return join(this.prefix, 'bin', TOOL.name);
  }

  /**
   * Runs a command as the stranger.
   *
   * @throws CorpusError when it fails
   */
  run(command: string, args: readonly string[], cwd = this.home): string {
    const identity = ['setpriv', `--reuid=${NOBODY}`, `--regid=${NOBODY}`, '--clear-groups', '--no-new-privs'];
    const environment = ['env', '-i', `PATH=${this.#path}`, `HOME=${this.home}`, 'NO_UPDATE_NOTIFIER=1'];
    const reaching = REACHING.flatMap(name => (process.env[name] === undefined ? [] : `${name}=${process.env[name]}`));
    const [first = '', ...rest] = [
      ...(this.isOffline ? ['unshare', '--net'] : []),
      ...identity,
      ...environment,
      ...(this.isOffline ? [] : reaching),
      command,
      ...args,
    ];
    return output(first, rest, { cwd });
  }

  /** Runs the program, which keeps nothing. */
  runProgram(program: string, args: readonly string[]): string {
    return this.run('env', ['KHEADERS_PACK_CACHE=off', program, ...args]);
  }

  /** Installs a package globally into the prefix, which is empty. */
  install(archive: string): void {
    this.#proveNetwork();
    claim(this.filesOfPrefix().length === 0, 'the prefix is empty');
    this.run('npm', ['install', '--global', `--prefix=${this.prefix}`, this.#own(archive)]);
  }

  uninstall(): void {
    this.run('npm', ['uninstall', '--global', `--prefix=${this.prefix}`, TOOL.name]);
  }

  /** What is in the prefix besides directories. */
  filesOfPrefix(): string[] {
    const all = readdirSync(this.prefix, { recursive: true, withFileTypes: true });
    return all.filter(entry => !entry.isDirectory()).map(entry => join(entry.parentPath, entry.name));
  }

  /** Installs a package into a new project. @returns the project's directory */
  installLocally(archive: string): string {
    this.#proveNetwork();
    const project = join(this.home, 'project');
    mkdirSync(project);
    writeFileSync(join(project, 'package.json'), '{ "private": true }\n');
    for (const each of [project, join(project, 'package.json')]) chownSync(each, NOBODY, NOBODY);
    this.run('npm', ['install', this.#own(archive)], project);
    return project;
  }

  /** Unpacks a release and has its list of digests checked. @returns the directory */
  unpack(archive: string, name: string): string {
    this.run('tar', ['-xzf', this.#own(archive)]);
    const root = join(this.home, name);
    this.run('sha256sum', ['--check', '--strict', '--quiet', 'SHA256SUMS'], root);
    return root;
  }

  /** A copy of the archive that the stranger can read. */
  #own(archive: string): string {
    const own = join(this.home, basename(archive));
    cpSync(archive, own);
    chmodSync(own, 0o644);
    return own;
  }

  /** Where there is to be no network, there is none. */
  #proveNetwork(): void {
    const names = this.run('node', ['-p', 'Object.keys(os.networkInterfaces()).join()']).trim();
    claim(!this.isOffline || names === '', `no network interface is up (${names})`);
  }
}
