import { fromLatin1 } from '../../bytes/bytePath.js';
import type { NamedPair } from '../../settings/kernels.js';
import { isPlain } from '../reading/memberName.js';

/**
 * A member's path in its kernel's tree, or null where it is in none of these kernels: with `..` in it, it may lie outside,
 * and pack writes none that is not plain.
 */
export function pathInTree(name: string, kernels: readonly NamedPair[]): string | null {
  const prefixes = kernels.map(kernel => (kernel.name === '' ? './' : `./${kernel.name}/`));
  const prefix = prefixes.find(candidate => name.startsWith(candidate));
  const path = prefix === undefined ? '' : name.slice(prefix.length);
  return isPlain(fromLatin1(path)) ? path : null;
}
