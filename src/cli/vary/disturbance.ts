/** What a child is to find different. */
export interface Disturbance {
  /** Its umask. */
  readonly umask: number;
  /** Seed of the order in which directories are read. */
  readonly directories: number;
  /** Seed of the delays that change the order in which Blocks are ready. */
  readonly arrivals: number;
}

/** The environment variable that carries it. */
export const DISTURBANCE_VARIABLE = 'KHEADERS_PACK_VARY';
