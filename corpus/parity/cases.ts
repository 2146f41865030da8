import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { CorpusTree } from '../trees.js';

/** One comparison: the same tree, architecture and time stamp to the kernel's script and to us. */
export interface ParityCase {
  readonly name: string;
  readonly source: string;
  /** A separate object tree, or null for a build in the source tree. */
  readonly object: string | null;
  /** kbuild's SRCARCH. */
  readonly arch: string;
  /** What the script gets as KBUILD_BUILD_TIMESTAMP. */
  readonly timestamp: string;
  /** How we are told the time stamp: by `--mtime`, or as the script is. */
  readonly told: 'option' | 'environment';
  /** The gen_kheaders.sh to run. */
  readonly script: string;
}

/** A case that cannot be run here, and why. */
export interface SkippedCase {
  readonly name: string;
  readonly reason: string;
}

export const TIMESTAMP = '@1700000000';

/** The same in the other forms that we accept, and instants that only such a form can state. */
export const OTHER_TIMESTAMPS: readonly string[] = [
  'Mon Nov 13 22:13:20 UTC 2023',
  'Mon Nov 13 22:13:20 GMT 2023',
  'Mon Nov 13 22:13:20 CET 2023',
  'Mon Nov 13 22:13:20 PDT 2023',
  'Mon Nov 13 22:13:20 +0530 2023',
  'Tue, 14 Nov 2023 22:13:20 +0000',
  'Tue, 14 Nov 2023 22:13:20 -0330',
  '14 Nov 2023 22:13:20 GMT',
  '2023-11-14',
  '2023-11-14 22:13:20',
  '2023-11-14T22:13:20',
  '2023-11-14T22:13:20Z',
  '2023-11-14T22:13:20+02:00',
  '2023-11-14 22:13:20-08:00',
  '2023-11-14T22:13:20.75Z',
  '2024-02-29T23:59:59Z',
  '@1700000000.75',
  '@0',
  '@8589934591',
];

const ARCHITECTURES = ['x86', 'arm64'] as const;
const SCRIPT = join('kernel', 'gen_kheaders.sh');

/** The tree's own script, if it has one: Debian's header packages do not. */
export function scriptOf(source: string): string | undefined {
  const script = join(source, SCRIPT);
  return existsSync(script) ? script : undefined;
}

/** A tree for each architecture that it has headers of. `otherScript` serves trees that have none of their own. */
export function treeCases(tree: CorpusTree, otherScript: string | undefined): (ParityCase | SkippedCase)[] {
  const script = scriptOf(tree.source) ?? otherScript;
  const label = `${tree.name} ${tree.object === null ? 'in the source tree' : 'with an object tree'}`;
  return ARCHITECTURES.map(arch => {
    const name = `${label}, ${arch}`;
    if (script === undefined) return { name, reason: 'no kernel/gen_kheaders.sh here (npm run corpus -- --full)' };
    if (!existsSync(join(tree.source, 'arch', arch, 'include'))) return { name, reason: `no headers for ${arch}` };
    return { name, source: tree.source, object: tree.object, arch, timestamp: TIMESTAMP, told: 'option', script };
  });
}
