import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { BenchTree } from './sample.js';
import { median, medianDeviation, type Row } from './table.js';

const CLI = fileURLToPath(new URL('../src/cli/main.js', import.meta.url));
const TIMESTAMP = '@1700000000';
/** Must be what the default settings are, so that the encoder alone differs. */
const SAME_BLOCKS = { size: '4MiB', lzma2: 'preset=6,lc=4,pb=0,dict=4MiB' } as const;

interface Contender {
  readonly name: string;
  readonly run: (scratch: string) => { seconds: number; cpuSeconds: number; bytes: number };
}

/**
 * Ours against the kernel's script on the same tree, and against xz -T2 on the same tar with the same Blocks and LZMA2
 * options, taking turns. What is unfair: gen_kheaders.sh is measured with its temporary copy of the headers, which is
 * part of how it works; xz is given the finished tar, while ours makes it.
 */
export function versusRows(tree: BenchTree, repetitions: number): Row[] {
  const script = join(tree.source, 'kernel/gen_kheaders.sh');
  if (!existsSync(script)) return [];
  const scratch = mkdtempSync(join(tmpdir(), 'kheaders-pack-versus-'));
  try {
    const tar = makeTar(tree, scratch);
    const contenders = [
      ...[['--compat'], [], ['--strip', 'tokens']].flatMap(options => [1, 2].map(jobs => ours(tree, jobs, options))),
      kernelScript(tree, script),
      xz(tar),
    ];
    const results = contenders.map((): ReturnType<Contender['run']>[] => []);
    for (let i = 0; i < repetitions; i++) {
      for (const [at, contender] of contenders.entries()) results[at]?.push(contender.run(scratch));
    }
    const tarBytes = statSync(tar).size;
    return contenders.map((contender, at) => rowOf(contender.name, results[at] ?? [], tarBytes));
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
}

function rowOf(name: string, results: readonly ReturnType<Contender['run']>[], tarBytes: number): Row {
  const seconds = results.map(result => result.seconds);
  const cpu = median(results.map(result => result.cpuSeconds));
  const bytes = results[0]?.bytes ?? 0;
  const notes = `${bytes} bytes, ${cpu.toFixed(2)} CPU s`;
  return {
    name,
    seconds: median(seconds),
    spread: medianDeviation(seconds),
    runs: seconds.length,
    bytes: tarBytes,
    notes,
  };
}

function ours(tree: BenchTree, jobs: number, options: readonly string[]): Contender {
  const objects = tree.object === null ? [] : ['--objtree', tree.object];
  return {
    name: ['kheaders-pack', ...options, '--jobs', String(jobs)].join(' '),
    run: scratch => {
      const archive = join(scratch, 'ours.tar.xz');
      const args = [CLI, tree.source, ...objects, ...options, '--arch', 'x86', '--jobs', String(jobs)];
      return timed(process.execPath, [...args, '--mtime', TIMESTAMP, '--quiet', '-o', archive], '/', archive, {});
    },
  };
}

function kernelScript(tree: BenchTree, script: string): Contender {
  const archive = 'kernel/.tmp_bench_kheaders.tar.xz';
  const cwd = tree.object ?? tree.source;
  return {
    name: 'gen_kheaders.sh',
    run: () => {
      const state = join(cwd, 'kernel/kheaders.md5');
      const result = timed('sh', [script, archive], cwd, join(cwd, archive), {
        KBUILD_BUILD_TIMESTAMP: TIMESTAMP,
        TZ: 'UTC',
        XZ: 'xz',
        SRCARCH: 'x86',
        srctree: tree.source,
        building_out_of_srctree: tree.object === null ? '' : '1',
      });
      rmSync(state, { force: true });
      rmSync(join(cwd, archive), { force: true });
      return result;
    },
  };
}

function xz(tar: string): Contender {
  const options = [`--block-size=${SAME_BLOCKS.size}`, `--lzma2=${SAME_BLOCKS.lzma2}`];
  return {
    name: 'xz -T2, same Blocks and options',
    run: scratch => {
      const archive = join(scratch, 'xz.tar.xz');
      const command = `exec xz -T2 ${options.join(' ')} -c "${tar}" > "${archive}"`;
      return timed('sh', ['-c', command], '/', archive, {});
    },
  };
}

function makeTar(tree: BenchTree, scratch: string): string {
  const archive = join(scratch, 'same.tar.xz');
  const objects = tree.object === null ? [] : ['--objtree', tree.object];
  const args = [CLI, tree.source, ...objects, '--compat', '--arch', 'x86', '--mtime', TIMESTAMP, '--preset', '0'];
  spawnSync(process.execPath, [...args, '--quiet', '-o', archive]);
  const tar = join(scratch, 'same.tar');
  spawnSync('sh', ['-c', `xz -dc "${archive}" > "${tar}"`]);
  return tar;
}

/** Wall-clock and processor seconds of a command, children included, by GNU or POSIX time's `-p`. */
function timed(
  command: string,
  args: readonly string[],
  cwd: string,
  archive: string,
  variables: Readonly<Record<string, string>>,
): ReturnType<Contender['run']> {
  const start = performance.now();
  const child = spawnSync('bash', ['-c', 'time -p "$@" >&2', 'bash', command, ...args], {
    cwd,
    encoding: 'utf8',
    env: { ...process.env, ...variables },
  });
  const seconds = (performance.now() - start) / 1000;
  if (child.status !== 0) throw new Error(`${command} failed: ${child.stderr}`);
  const cpu = (kind: string): number => Number(new RegExp(`^${kind} ([\\d.]+)$`, 'm').exec(child.stderr)?.[1]);
  return { seconds, cpuSeconds: cpu('user') + cpu('sys'), bytes: statSync(archive).size };
}
