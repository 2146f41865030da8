import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';

const banner = spawnSync('tar', ['--version'], { encoding: 'latin1' }).stdout ?? '';

/** Why tests against GNU tar are skipped, or false. */
export const noGnuTar = banner.includes('GNU tar') ? false : 'GNU tar is not on the PATH';

/** What DESIGN.md's archives state of every member, as GNU tar's options. */
export const CONTRACT = ['--owner=0', '--group=0', '--numeric-owner', '--mode=u=rw,go=r,a+X'] as const;

const ENVIRONMENT = { ...process.env, LC_ALL: 'C', TZ: 'UTC', TAR_OPTIONS: '' };

/** The archive of `names`, in this order, made in `directory`. Each name is one byte a code unit. */
export function gnuTar(directory: string, names: readonly string[], options: readonly string[]): Buffer {
  const list = ['--no-recursion', '--null', '--verbatim-files-from', '-T', '-'];
  const { status, stdout, stderr } = spawnSync('tar', [...options, '-C', directory, '-cf', '-', ...list], {
    input: Buffer.from(names.map(name => `${name}\0`).join(''), 'latin1'),
    env: ENVIRONMENT,
    maxBuffer: 2 ** 28,
  });
  assert.equal(status, 0, String(stderr));
  return stdout;
}

/** The first entry header of an archive of one file, which need not be read to its end. */
export function firstHeader(directory: string, name: string, options: readonly string[]): Buffer {
  const command = 'tar "$@" | head -c 512';
  const args = [...options, '-C', directory, '-cf', '-', name];
  const { stdout } = spawnSync('sh', ['-c', command, 'sh', ...args], { env: ENVIRONMENT });
  assert.equal(stdout.length, 512);
  return stdout;
}
