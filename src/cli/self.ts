import { fileURLToPath } from 'node:url';

/** This program, for a process that is to run it again. It lies beside this file, compiled or bundled (`bundle.mjs`). */
export const SELF = fileURLToPath(new URL('./main.js', import.meta.url));
/** What disturbs a rebuild of `verify --vary`, for `--import`. */
export const DISTURB = new URL('./disturb.js', import.meta.url).href;
