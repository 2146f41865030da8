import { statSync } from 'node:fs';
import { resolve as resolvePath } from 'node:path';
import type { Writable } from 'node:stream';
import { KheadersPackError } from '../errors.js';
import type { Companions, Output } from '../model/settings.js';
import { leadsTo } from '../tree/leadsTo.js';
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

/** What `-` is, for this process. */
const STANDARD_OUTPUT = '/proc/self/fd/1';

/** @throws KheadersPackError `E_OPTION_CONFLICT` when two outputs would go to standard output, or to one file */
export function requireApart(asked: readonly AskedOutput[], workingDirectory: string): void {
  const earlier: { readonly text: string; readonly isStandard: boolean; readonly place: string }[] = [];
  for (const { option, value } of asked) {
    if (typeof value !== 'string') continue;
    const isStandard = value === '-';
    // --json takes its value with an equals sign only.
    const text = option === '--json' ? (isStandard ? option : `${option}=${value}`) : `${option} ${value}`;
    const place = leadsTo(isStandard ? STANDARD_OUTPUT : resolvePath(workingDirectory, value));
    const other = earlier.find(
      each => (isStandard && each.isStandard) || (each.place === place && !isCharacterDevice(place)),
    );
    if (other !== undefined) {
      const reason =
        isStandard || other.isStandard
          ? `both would use standard output (use ${option === '--json' ? '--json=FILE' : `${option} FILE`})`
          : 'both would be written to the same file';
      throw new KheadersPackError('E_OPTION_CONFLICT', { first: text, second: other.text, reason });
    }
    earlier.push({ text, isStandard, place });
  }
}

/** Such as /dev/null, which takes everything. */
function isCharacterDevice(path: string): boolean {
  try {
    return statSync(path).isCharacterDevice();
  } catch {
    return false;
  }
}

function resolveOutput(option: string, given: string | Writable, environment: Environment): Output {
  if (typeof given !== 'string') return { kind: 'writable', writable: given, name: 'the given writable' };
  if (given === '') {
    throw new KheadersPackError('E_OPTION_VALUE', { option, value: given, expected: 'a file name, or -' });
  }
  if (given !== '-') return { kind: 'file', path: resolvePath(environment.workingDirectory, given) };
  return { kind: 'writable', writable: environment.standardOutput, name: 'standard output' };
}
