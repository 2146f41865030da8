import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { type BytePath, fromLatin1 } from '../bytes/bytePath.js';
import { KheadersPackError, systemReason } from '../errors.js';

/**
 * Reads the list of `--files-from`: one path a line, or NUL-terminated paths. Empty lines are passed over.
 *
 * @param path the list's, or `-` for standard input
 * @throws KheadersPackError `E_READ`
 */
export function readFileList(path: string, workingDirectory: string, nul: boolean): BytePath[] {
  const name = path === '-' ? 'standard input' : path;
  let text: string;
  try {
    text = readFileSync(path === '-' ? 0 : resolve(workingDirectory, path), 'latin1');
  } catch (error) {
    throw new KheadersPackError('E_READ', { path: name, reason: systemReason(error) }, { cause: error });
  }
  return text
    .split(nul ? '\0' : '\n')
    .filter(line => line !== '')
    .map(fromLatin1);
}
