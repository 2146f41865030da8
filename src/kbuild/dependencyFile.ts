import { type BytePath, fromLatin1, fromUtf8, printable } from '../bytes/bytePath.js';
import { KheadersPackError } from '../errors.js';

/** Kconfig renews it even when nothing in it changes; make would pack again each time. */
const AUTOCONF = 'include/generated/autoconf.h';

/**
 * The dependency file that kbuild appends to `.kheaders_data.tar.xz.cmd`, in the form of gen_kheaders.sh of Linux 6.17: a
 * variable with the dependencies, the target's rule, and an empty rule for them, so that one that was deleted is no error.
 *
 * @param target as kbuild names it
 * @param source the source list's paths as they stand there, with the prefix
 * @param object the object list's paths
 * @throws KheadersPackError `E_LISTED_PATH` for a name that make reads as something else
 */
export function dependencyText(target: string, source: readonly BytePath[], object: readonly BytePath[]): Buffer {
  const name = escaped(fromUtf8(target));
  const dependencies = [...source, ...object.filter(path => path !== AUTOCONF)];
  const unreadable = dependencies.find(path => UNREADABLE.test(path));
  if (unreadable !== undefined) {
    const reason = 'make cannot have % or | in the names of a rule';
    throw new KheadersPackError('E_LISTED_PATH', { path: printable(unreadable), list: "kbuild's lists", reason });
  }
  const lines = [
    '',
    `deps_${name} := \\`,
    ...dependencies.map(path => `  ${escaped(path)} \\`),
    '',
    `${name}: $(deps_${name})`,
    '',
    `$(deps_${name}):`,
  ];
  return Buffer.from(lines.map(line => `${line}\n`).join(''), 'latin1');
}

/** What stands for a pattern, or parts order-only prerequisites, also behind a backslash where it is a target. */
const UNREADABLE = /[%|]/;

/** A path as make reads it in a rule. */
function escaped(path: BytePath): BytePath {
  return fromLatin1(path.replaceAll('$', '$$$$').replace(/[ #:;\\]/g, '\\$&'));
}
