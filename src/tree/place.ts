import type { BytePath } from '../bytes/bytePath.js';

/** Where a profile looks for files, and for which. */
export interface Place {
  /** The directory to begin at, from the tree's top; the empty path is the tree itself. */
  readonly start: BytePath;
  /** Whether the directories below it are entered. */
  readonly isDeep: boolean;
  /** Whether a path from the tree's top belongs to the profile. */
  readonly isWanted: (path: BytePath) => boolean;
  /** Whether the object tree is left out: its file of that name is another. */
  readonly isSourceOnly: boolean;
}
