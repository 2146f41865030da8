import { type BytePath, fromLatin1, join } from '../bytes/bytePath.js';
import type { Order } from '../model/settings.js';

/**
 * Sort keys of entries, from the kernel's name and the path in its tree: comparing keys as strings is comparing the bytes
 * of paths in the order's way. Paths have no `./`; directories end with `/`, and a tree's top is the empty path.
 */
export const SORT_KEYS: Readonly<Record<Order, (kernel: BytePath, path: BytePath) => string>> = {
  /**
   * GNU tar's `--sort=name`: depth first, names compared as bytes within each directory. A slash sorts before every
   * byte that a name can hold, so `a/` stands before `a.h`; a plain sort of paths would put `a.h` first.
   */
  gnu: (kernel, path) => gnuKey(memberPath(kernel, path)),
  /** The files of a directory before its subdirectories, names as above. */
  'files-first': (kernel, path) => {
    const member = memberPath(kernel, path);
    const end = member.lastIndexOf('/');
    const directories = end < 0 ? '' : `\x02${member.slice(0, end).replaceAll('/', '\0\x02')}\0`;
    return end === member.length - 1 ? directories : `${directories}\x01${member.slice(end + 1)}`;
  },
  /** By path as GNU tar does, and all kernels' versions of a path together, by the kernel's name. */
  versions: (kernel, path) => `${gnuKey(path)}\0\0${kernel}`,
};

/** Where a path of a kernel's tree lies in the archive, without `./`; a kernel's top is `name/`. */
export function memberPath(kernel: BytePath, path: BytePath): BytePath {
  if (kernel === '') return path;
  return path === '' ? fromLatin1(`${kernel}/`) : join(kernel, path);
}

function gnuKey(path: BytePath): string {
  return path.replaceAll('/', '\0');
}
