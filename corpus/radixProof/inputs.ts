import { createCipheriv } from 'node:crypto';
import { closeSync, existsSync, openSync, rmSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { output } from '../command.js';
import { generateTree } from '../synthetic.js';
import { availableTrees } from '../trees.js';

const MB = 1_000_000;

/** A file to be packed by `--from-tar`, which is made when it is asked for. */
export interface AwkwardTar {
  readonly title: string;
  /** @returns its path */
  readonly make: () => string;
}

/** What match finders stumble over, at sizes that take seconds. */
export function awkwardTars(work: string): AwkwardTar[] {
  const tarOf = (write: (path: string) => void) => (): string => {
    const [content, tar] = [join(work, 'content'), join(work, 'content.tar')];
    write(content);
    output('tar', ['--format=ustar', '--mtime=@0', '--owner=0', '--group=0', '-cf', tar, '-C', work, 'content']);
    rmSync(content);
    return tar;
  };
  const shell = (script: string, ...args: readonly string[]) =>
    tarOf(path => void output('sh', ['-c', script, 'sh', path, ...args]));
  const zeros = Array.from({ length: 9 }, (_, i) => 10 ** i).map(size => ({
    title: `zeros (${size})`,
    make: shell('head -c "$2" /dev/zero > "$1"', String(size)),
  }));
  const text = 'find "$2" -name "*.h" -type f | LC_ALL=C sort | xargs -d "\\n" cat | head -c 300000000 > "$1"';
  return [
    ...zeros,
    { title: 'random bytes (100 MB)', make: tarOf(path => writeRandom(path, 100 * MB)) },
    { title: 'compressed data', make: shell(`${text.replace(' > "$1"', '')} | xz -1 > "$1"`, textTree(work)) },
    { title: 'text (300 MB)', make: shell(text, textTree(work)) },
  ];
}

/** Bytes that look random and are always the same: AES in counter mode. */
function writeRandom(path: string, size: number): void {
  const cipher = createCipheriv('aes-128-ctr', Buffer.alloc(16, 1), Buffer.alloc(16));
  const descriptor = openSync(path, 'w');
  for (let left = size; left > 0; left -= MB) writeSync(descriptor, cipher.update(Buffer.alloc(Math.min(left, MB))));
  closeSync(descriptor);
}

let made: string | null = null;

/** A tree with more than 300 MB of headers, or, where no whole kernel is here, one of made-up headers. */
function textTree(work: string): string {
  const whole = availableTrees().find(({ name }) => name.startsWith('linux-source'));
  if (whole !== undefined) return whole.source;
  if (made === null) {
    made = join(work, 'made-up');
    generateTree(made, { headers: 20_000, seed: 8 });
  }
  return made;
}

/** A tree to be packed. */
export interface PackedTree {
  readonly title: string;
  /** @returns what `pack` is told */
  readonly args: () => readonly string[];
}

/** The headers of a made-up tree and of every real one that is here, in Blocks that workers share. */
export function treesOf(work: string): PackedTree[] {
  const common = ['--arch', 'x86', '--block-size', '8MiB'];
  const generated = join(work, 'generated');
  const generate = (): readonly string[] => {
    if (!existsSync(generated)) generateTree(generated, { headers: 3000, seed: 8 });
    return [generated, ...common];
  };
  return [
    { title: 'made up', args: generate },
    ...availableTrees().map(({ name, source, object }) => ({
      title: name,
      args: (): readonly string[] => [source, ...(object === null ? [] : ['--objtree', object]), ...common],
    })),
  ];
}
