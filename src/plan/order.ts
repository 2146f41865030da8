import type { BytePath } from '../bytes/bytePath.js';
import type { Order } from '../model/settings.js';

/**
 * Sort keys of paths: comparing keys as strings is comparing the bytes of paths in the order's way. Paths have no `./`;
 * directories end with `/`, and the tree's top is the empty path.
 */
export const SORT_KEYS: Readonly<Record<Order, (path: BytePath) => string>> = {
  /**
   * GNU tar's `--sort=name`: depth first, names compared as bytes within each directory. A slash sorts before every
   * byte that a name can hold, so `a/` stands before `a.h`; a plain sort of paths would put `a.h` first.
   */
  gnu: path => path.replaceAll('/', '\0'),
  /** The files of a directory before its subdirectories, names as above. */
  'files-first': path =>
    path.replace(/([^/]+)(\/?)/g, (_, name, slash) => (slash === '' ? `\x01${name}` : `\x02${name}\0`)),
};
