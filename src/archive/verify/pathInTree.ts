import type { NamedPair } from '../../settings/kernels.js';

/** A member's path in its kernel's tree, or null where it is in none of these kernels. */
export function pathInTree(name: string, kernels: readonly NamedPair[]): string | null {
  const prefixes = kernels.map(kernel => (kernel.name === '' ? './' : `./${kernel.name}/`));
  const prefix = prefixes.find(candidate => name.startsWith(candidate));
  return prefix === undefined ? null : name.slice(prefix.length);
}
