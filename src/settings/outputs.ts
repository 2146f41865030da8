import { readlinkSync, realpathSync } from 'node:fs';
import { basename, dirname, isAbsolute, join, resolve as resolvePath } from 'node:path';
import type { Writable } from 'node:stream';
import { KheadersPackError, systemCode } from '../errors.js';
import type { Companions, Output } from '../model/settings.js';
import type { Environment } from './environment.js';
import type { PackOptions } from './options.js';

/** In the working directory. */
export const DEFAULT_OUTPUT = 'kheaders.tar.xz';

/** An output as it was asked for: the option's name, and a path, `-` or a writable; undefined where it is not wanted. */
export interface AskedOutput {
  readonly option: string;
  readonly value: string | Writable | undefined;
}

/**
 * Where everything goes that a pack writes.
 *
 * @throws KheadersPackError `E_OPTION_VALUE`, `E_OPTION_CONFLICT`, `E_TERMINAL`
 */
export function resolveOutputs(
  options: PackOptions,
  environment: Environment,
): { readonly output: Output; readonly companions: Companions } {
  const archive = options.output ?? DEFAULT_OUTPUT;
  requireApart(askedOutputs(options), environment.workingDirectory);
  if (archive === '-' && environment.isTerminal) throw new KheadersPackError('E_TERMINAL', { option: '-o FILE' });
  const companion = (option: string, value: string | Writable | undefined): Output | null =>
    value === undefined ? null : resolveOutput(option, value, environment);
  return {
    output: resolveOutput('--output', archive, environment),
    companions: {
      manifest: companion('--manifest', options.manifest),
      sha256sums: companion('--sha256sums', options.sha256sums),
      provenance: companion('--provenance', options.provenance),
      trace: companion('--trace', options.trace),
    },
  };
}

/** The outputs of a pack as they were asked for, the archive's first. */
export function askedOutputs(options: PackOptions): AskedOutput[] {
  return [
    { option: '-o', value: options.output ?? DEFAULT_OUTPUT },
    { option: '--manifest', value: options.manifest },
    { option: '--sha256sums', value: options.sha256sums },
    { option: '--provenance', value: options.provenance },
    { option: '--trace', value: options.trace },
  ];
}

/** @throws KheadersPackError `E_OPTION_CONFLICT` when two outputs would go to standard output, or to one file */
export function requireApart(asked: readonly AskedOutput[], workingDirectory: string): void {
  const earlier = new Map<string, string>();
  for (const { option, value } of asked) {
    if (typeof value !== 'string') continue;
    // --json takes its value with an equals sign only.
    const text = option === '--json' ? (value === '-' ? option : `${option}=${value}`) : `${option} ${value}`;
    const place = value === '-' ? value : leadsTo(resolvePath(workingDirectory, value));
    const other = earlier.get(place);
    if (other !== undefined) {
      const reason =
        place !== '-'
          ? 'both would be written to the same file'
          : `both would use standard output (use ${option === '--json' ? '--json=FILE' : `${option} FILE`})`;
      throw new KheadersPackError('E_OPTION_CONFLICT', { first: text, second: other, reason });
    }
    earlier.set(place, text);
  }
}

/**
 * The path that a path leads to through all links, so that a file has one, whatever it is called. A file that is not there
 * is where it would be made: in the directory that holds it, or where a link that leads to it says. What leads nowhere is
 * given back as it is.
 */
export function leadsTo(path: string): string {
  try {
    return realpathSync.native(path);
  } catch (error) {
    // A circle of links, say: who opens it is told.
    if (systemCode(error) !== 'ENOENT') return path;
  }
  let directory: string;
  try {
    directory = realpathSync.native(dirname(path));
  } catch {
    return path;
  }
  const there = join(directory, basename(path));
  let target: string;
  try {
    target = readlinkSync(there);
  } catch {
    return there;
  }
  // Not joined: what stands before a ".." may be a link itself.
  return leadsTo(isAbsolute(target) ? target : `${directory}/${target}`);
}

function resolveOutput(option: string, given: string | Writable, environment: Environment): Output {
  if (typeof given !== 'string') return { kind: 'writable', writable: given, name: 'the given writable' };
  if (given === '') {
    throw new KheadersPackError('E_OPTION_VALUE', { option, value: given, expected: 'a file name, or -' });
  }
  if (given !== '-') return { kind: 'file', path: resolvePath(environment.workingDirectory, given) };
  return { kind: 'writable', writable: environment.standardOutput, name: 'standard output' };
}
