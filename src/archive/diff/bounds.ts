/** What the contents part of a comparison needs of memory and time, whatever was asked for. */
export const BOUNDS = {
  /** Files that are looked into. */
  files: 256,
  /** MiB of one of them, and of all. */
  fileMiB: 1,
  totalMiB: 16,
  /** Changed lines that the search for a short diff gives up at: it takes their square. */
  changedLines: 4000,
} as const;
