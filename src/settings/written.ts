import { statSync } from 'node:fs';
import { resolve as resolvePath } from 'node:path';
import { KheadersPackError } from '../errors.js';
import type { ExecutionSettings } from '../model/settings.js';
import type { Environment } from './environment.js';
import type { AskedOutput } from './outputs.js';
import { isSameFile } from './sameFile.js';

/** A file that is written. */
export interface Written {
  /** The option with its value, as messages have it. */
  readonly named: string;
  readonly path: string;
}

/** The files that a pack writes, devices among them. */
export function writtenBy({ output, companions }: ExecutionSettings): Written[] {
  const outputs = [
    ['-o', output],
    ['--manifest', companions.manifest],
    ['--sha256sums', companions.sha256sums],
    ['--provenance', companions.provenance],
    ['--trace', companions.trace],
  ] as const;
  return outputs.flatMap(([option, to]) =>
    to?.kind === 'file' ? [{ named: `${option} ${to.path}`, path: to.path }] : [],
  );
}

/**
 * A name that ends with a slash is a directory's, and as a file's is refused like `cp` does. Paths lose the slash when they
 * are resolved, so it is looked for before. One that is there is left to whoever opens it.
 *
 * @throws KheadersPackError `E_WRITE`
 */
export function requireFileNames(asked: readonly AskedOutput[], { workingDirectory }: Environment): void {
  for (const { value } of asked) {
    if (typeof value !== 'string' || !value.endsWith('/')) continue;
    const stats = statSync(resolvePath(workingDirectory, value), { throwIfNoEntry: false });
    if (stats?.isDirectory() !== true)
      throw new KheadersPackError('E_WRITE', { path: value, reason: 'not a directory' });
  }
}

/**
 * The list that says what is packed is not written over by what is packed.
 *
 * @param filesFrom as it was said
 * @throws KheadersPackError `E_OPTION_CONFLICT`
 */
export function requireListKept(
  filesFrom: string | undefined,
  execution: ExecutionSettings,
  { workingDirectory }: Environment,
): void {
  if (filesFrom === undefined || filesFrom === '-') return;
  const list = resolvePath(workingDirectory, filesFrom);
  const over = writtenBy(execution).find(({ path }) => isSameFile(path, list));
  if (over === undefined) return;
  const facts = { first: over.named, second: `--files-from ${filesFrom}`, reason: 'it would be written over' };
  throw new KheadersPackError('E_OPTION_CONFLICT', facts);
}
