/** The version of what stripping leaves: it moves when a mode gives other bytes for the same header. */
export const STRIP_VERSION = 1;
