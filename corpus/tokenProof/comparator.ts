/**
 * The token comparison, by clang's own lexer. `compare.cc` is linked with clang's libraries and lexes in memory:
 * clang's `-dump-raw-tokens` writes every token unbuffered, which takes 18 s for one header of 24 MB and hours for a tree.
 * It needs a C++ compiler, llvm-config and clang's headers (Debian: libclang-14-dev, llvm-14-dev).
 */
import { type ChildProcessByStdio, execFileSync, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Readable, Writable } from 'node:stream';
import { fileURLToPath } from 'node:url';

/** The first token that is not the same, as clang names it, with its flags. */
export interface Difference {
  readonly name: string;
  readonly mode: string;
  readonly reading: string;
  readonly before: string;
  readonly after: string;
}

export interface Comparison {
  readonly differences: readonly Difference[];
  /** Headers compared. */
  readonly headers: number;
  /** Tokens compared, summed over modes and readings. */
  readonly tokens: number;
}

const SOURCE = fileURLToPath(new URL('../../../corpus/tokenProof/compare.cc', import.meta.url));
const CONFIGS = ['llvm-config', ...[14, 15, 16, 17, 18, 19, 20].map(version => `llvm-config-${version}`)];

/** Builds the comparator in `directory` with the first LLVM that has clang's headers. Gives its path. */
function buildComparator(directory: string): string {
  const program = join(directory, 'compare');
  const reasons: string[] = [];
  for (const config of CONFIGS) {
    if (spawnSync(config, ['--version']).status !== 0) continue;
    const ask = (...options: string[]): string[] =>
      execFileSync(config, options, { encoding: 'utf8' }).split(/\s+/).filter(Boolean);
    const library = ask('--libdir').flatMap(path =>
      readdirSync(path).filter(name => name.startsWith('libclang-cpp.so')),
    );
    const flags = ask('--cxxflags').filter(flag => /^-[ID]/.test(flag));
    const link = [...ask('--ldflags'), `-l:${library[0] ?? 'libclang-cpp.so'}`, ...ask('--libs')];
    const built = spawnSync('c++', ['-std=c++17', '-O2', '-fno-rtti', ...flags, SOURCE, '-o', program, ...link]);
    if (built.status === 0) return program;
    reasons.push(`${config}: ${String(built.stderr).split('\n')[0]}`);
  }
  throw new Error(`Cannot build "${SOURCE}": install libclang-14-dev and llvm-14-dev\n${reasons.join('\n')}`);
}

/** A running comparator. Give it headers with what became of them, then ask for the result. */
export class Comparator {
  readonly #child: ChildProcessByStdio<Writable, Readable, null>;
  readonly #output: Buffer[] = [];

  constructor(program: string) {
    this.#child = spawn(program, { stdio: ['pipe', 'pipe', 'inherit'] });
    this.#child.stdout.on('data', (piece: Buffer) => this.#output.push(piece));
  }

  async add(name: string, before: Uint8Array, after: ReadonlyMap<string, Uint8Array>): Promise<void> {
    const record = [...field(name, before), Buffer.from(`${after.size}\n`)];
    for (const [mode, bytes] of after) record.push(...field(mode, bytes));
    if (!this.#child.stdin.write(Buffer.concat(record))) await once(this.#child.stdin, 'drain');
  }

  async finish(): Promise<Comparison> {
    this.#child.stdin.end();
    await once(this.#child, 'close');
    const lines = Buffer.concat(this.#output).toString('latin1').trimEnd().split('\n');
    const [done, headers, tokens] = lines.pop()?.split('\t') ?? [];
    if (done !== 'done') throw new Error('The comparator ended early');
    const differences = lines.map(line => {
      const [name = '', mode = '', reading = '', before = '', after = ''] = line.split('\t');
      return { name, mode, reading, before, after };
    });
    return { differences, headers: Number(headers), tokens: Number(tokens) };
  }
}

function field(name: string, bytes: Uint8Array): Uint8Array[] {
  return [Buffer.from(`${name}\n${bytes.length}\n`), bytes];
}

/** Runs `use` with a comparator program that is removed afterwards. */
export async function withComparator<T>(use: (program: string) => Promise<T>): Promise<T> {
  const directory = mkdtempSync(join(tmpdir(), 'kheaders-pack-'));
  try {
    return await use(buildComparator(directory));
  } finally {
    rmSync(directory, { recursive: true });
  }
}
