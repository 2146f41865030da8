import type { CheckKind, Order, Profile, StripMode } from '../model/settings.js';

/** The words that options take; the first of each is the default. */
export const PROFILES: readonly Profile[] = ['headers', 'modules', 'all'];
export const STRIP_MODES: readonly StripMode[] = ['comments', 'kernel', 'tokens', 'none'];
export const ORDERS: readonly Order[] = ['files-first', 'gnu', 'versions'];
export const CHECK_KINDS: readonly CheckKind[] = ['crc64', 'crc32', 'sha256', 'none'];
/** `6` is the default, and `6e` its slower form. */
export const PRESETS: readonly string[] = ['', 'e'].flatMap(extreme =>
  Array.from({ length: 10 }, (_, level) => `${level}${extreme}`),
);
