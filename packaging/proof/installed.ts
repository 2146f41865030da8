import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { output } from '../../corpus/command.js';
import { claim } from '../../corpus/proof.js';
import { TOOL } from '../../src/version.js';
import type { Stranger } from './stranger.js';

/** The ways to pack that load each native or compiled part. */
const WAYS = [
  ['--codec', 'liblzma', '--preset', '6'],
  ['--codec', 'radix', '--block-size', '32MiB'],
] as const;

/** SHA-256 of what each of the ways makes of a tree. */
export type Digests = readonly string[];

/** What the program at `program` makes, for comparison. */
export function expected(program: string, tree: string, directory: string): Digests {
  const env = { KHEADERS_PACK_CACHE: 'off' };
  return WAYS.map(way => {
    const archive = join(directory, 'expected.tar.xz');
    output(process.execPath, [program, tree, '--jobs', '2', '--quiet', ...way, '-o', archive], { env });
    return digestIn(output('sha256sum', [archive]));
  });
}

/** @param build which build of liblzma is to be in use */
export function proveInstalled(stranger: Stranger, program: string, digests: Digests, build: string): void {
  const version = stranger.runProgram(program, ['--version', '--verbose']);
  claim(version.startsWith(`${TOOL.name} ${TOOL.version}\n`), `it is installed: ${version}`);
  claim(version.includes(`(${build} build)`), `liblzma is the ${build} build: ${version}`);
  WAYS.forEach((way, i) => {
    const archive = join(stranger.home, 'k.tar.xz');
    stranger.runProgram(program, [stranger.tree, '--quiet', ...way, '-o', archive]);
    claim(digestIn(stranger.run('sha256sum', [archive])) === digests[i], `${way.join(' ')} makes the checkout's bytes`);
    stranger.runProgram(program, ['verify', '--quiet', archive]);
    rmSync(archive);
  });
  const module = join(stranger.home, 'module');
  const archive = join(stranger.home, 'm.tar.xz');
  stranger.runProgram(program, [stranger.tree, '--quiet', '-o', archive]);
  stranger.runProgram(program, ['module', archive, '-C', module]);
  for (const made of [module, archive]) rmSync(made, { recursive: true });
}

/** The one command that loads what draws pictures. */
export function bench(stranger: Stranger): void {
  const page = join(stranger.home, 'report.html');
  const options = ['--jobs', '1', '--preset', '0', '--repetitions', '1', '--report', page];
  stranger.runProgram(stranger.program, ['bench', stranger.tree, ...options]);
  claim(
    stranger.run('sh', ['-c', 'read -r line < "$1" && echo "$line"', 'sh', page]).includes('<!doctype html>'),
    page,
  );
}

export function proveLibrary(stranger: Stranger, archive: string, digests: Digests): void {
  const project = stranger.installLocally(archive);
  const program = `import { pack } from '${TOOL.name}';
const { digest } = await pack({ trees: [process.argv[2]], codec: 'liblzma', jobs: 2, output: 'k.tar.xz' });
console.log(digest);
`;
  writeFileSync(join(project, 'program.mjs'), program);
  const digest = stranger.run('node', ['program.mjs', stranger.tree], project).trim();
  claim(digest === digests[0], `the library makes the checkout's bytes: ${digest}`);
}

function digestIn(sum: string): string {
  return sum.slice(0, 64);
}
