import { missingCommands, output, succeeds } from '../command.js';
import { PROJECT_ROOT } from '../trees.js';

/** A program that writes what an archive holds to standard output; the archive's path comes behind its arguments. */
export interface Decoder {
  readonly name: string;
  readonly command: string;
  readonly args: readonly string[];
}

const PYTHON = 'import lzma, shutil, sys; shutil.copyfileobj(lzma.open(sys.argv[1]), sys.stdout.buffer, 1 << 20)';
const LZMA_NATIVE = `
  const { createReadStream } = require('node:fs');
  const { pipeline } = require('node:stream');
  const fail = error => { if (error) throw error; };
  pipeline(createReadStream(process.argv[1]), require('lzma-native').createDecompressor(), process.stdout, fail);`;

const DECODERS: readonly Decoder[] = [
  { name: 'xz', command: 'xz', args: ['-dc'] },
  { name: '7-Zip', command: '7zz', args: ['x', '-so'] },
  { name: 'busybox', command: 'busybox', args: ['xzcat'] },
  { name: "Python's lzma", command: 'python3', args: ['-c', PYTHON] },
  { name: 'lzma-native', command: process.execPath, args: ['-e', LZMA_NATIVE] },
];

/** Those that this machine has, and the names of the others. */
export function decodersHere(): { readonly decoders: readonly Decoder[]; readonly absent: readonly string[] } {
  const isHere = ({ command }: Decoder): boolean =>
    command === process.execPath ||
    (missingCommands([command]).length === 0 && (command !== 'python3' || succeeds(command, ['-c', 'import lzma'])));
  const decoders = DECODERS.filter(isHere);
  return { decoders, absent: DECODERS.filter(each => !decoders.includes(each)).map(({ name }) => name) };
}

/** The SHA-256 of what a command writes, however much that is. */
export function digestOf(command: string, args: readonly string[]): string {
  // A pipe tells of the last command alone, unless the first says how it ended.
  const script = '{ "$@" || echo failed; } | sha256sum';
  return output('sh', ['-c', script, 'sh', command, ...args], { cwd: PROJECT_ROOT }).slice(0, 64);
}
