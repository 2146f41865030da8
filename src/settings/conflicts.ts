import { KheadersPackError } from '../errors.js';
import type { PackOptions } from './options.js';

/** Options that say how a tree is packed; an existing tar has all of that behind it. */
const TREE_OPTIONS = [
  ['trees', 'TREE'],
  ['objtree', '--objtree'],
  ['arch', '--arch'],
  ['profile', '--profile'],
  ['symvers', '--symvers'],
  ['strip', '--strip'],
  ['compat', '--compat'],
  ['order', '--order'],
  ['dedup', '--no-dedup'],
  ['mtime', '--mtime'],
  ['include', '--include'],
  ['exclude', '--exclude'],
  ['filesFrom', '--files-from'],
] as const;

/** What is written about a tree's files. */
const COMPANION_OPTIONS = [
  ['manifest', '--manifest'],
  ['sha256sums', '--sha256sums'],
  ['provenance', '--provenance'],
] as const;

/** What gen_kheaders.sh does, as options of ours. */
const COMPAT_VALUES = [
  ['profile', '--profile', 'headers'],
  ['strip', '--strip', 'kernel'],
  ['order', '--order', 'gnu'],
] as const;

/** Selections that gen_kheaders.sh does not have. */
const SELECTIONS = [
  ['include', '--include'],
  ['exclude', '--exclude'],
  ['filesFrom', '--files-from'],
] as const;

/** @throws KheadersPackError `E_OPTION_CONFLICT` when two options contradict each other */
export function requireCompatible(options: PackOptions): void {
  if (options.fromTar !== undefined) {
    // Of the two that may be false, --no-dedup says something by it.
    const other = TREE_OPTIONS.find(([key]) => isGiven(options[key]) || (key === 'dedup' && options[key] === false));
    if (other !== undefined) throw conflict('--from-tar', other[1], 'the bytes of an existing tar are preserved');
    const companion = COMPANION_OPTIONS.find(([key]) => isGiven(options[key]));
    if (companion !== undefined) throw conflict('--from-tar', companion[1], 'it tells of the files of a tree');
  }
  if (options.compat === true) requireCompat(options);
  if (options.symvers === true && options.profile !== 'modules') {
    throw conflict('--symvers', `--profile ${options.profile ?? 'headers'}`, 'only profile modules has Module.symvers');
  }
  if ((options.trees ?? []).length > 1) requireBundle(options);
  if (options.filesFrom !== undefined) {
    if (options.profile !== undefined) throw conflict('--files-from', '--profile', 'the list takes its place');
    if (options.arch !== undefined) throw conflict('--files-from', '--arch', 'the list says which files are packed');
  } else if (options.nul === true) {
    throw conflict('--null', 'no --files-from', 'it says how that list is separated');
  }
  if (options.profile === 'all' && options.arch !== undefined) {
    throw conflict('--profile all', '--arch', 'it takes every architecture');
  }
}

/** What speaks of one tree cannot go with several. */
function requireBundle(options: PackOptions): void {
  const reason = 'with several it is not clear which is meant';
  if (options.objtree !== undefined) throw conflict('several TREEs', '--objtree', `${reason} (name the object trees)`);
  if (options.filesFrom !== undefined) throw conflict('several TREEs', '--files-from', reason);
  if (options.compat === true) throw conflict('several TREEs', '--compat', 'gen_kheaders.sh packs one');
}

function requireCompat(options: PackOptions): void {
  for (const [key, flag, value] of COMPAT_VALUES) {
    const given = options[key];
    if (given !== undefined && given !== value) throw conflict('--compat', `${flag} ${given}`, `it needs ${value}`);
  }
  for (const [key, flag] of SELECTIONS) {
    if (isGiven(options[key])) throw conflict('--compat', flag, 'gen_kheaders.sh packs the whole profile');
  }
  if (options.dedup === true) throw conflict('--compat', 'dedup', 'gen_kheaders.sh makes no hard links');
}

function isGiven(value: unknown): boolean {
  return value !== undefined && value !== false && !(Array.isArray(value) && value.length === 0);
}

function conflict(first: string, second: string, reason: string): KheadersPackError {
  return new KheadersPackError('E_OPTION_CONFLICT', { first, second, reason });
}
