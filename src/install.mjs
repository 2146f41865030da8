/**
 * What `npm install` runs: rebuilds liblzma (`lzma/rebuild.mjs`), and keeps V8's code for the command line
 * (`cli/keepCode.ts`) where that is there already; in a clone the build does it. This file is plain JavaScript because
 * it runs before anything is compiled.
 */
import { existsSync } from 'node:fs';
import './lzma/rebuild.mjs';

const KEEP_CODE = new URL('../dist/bin/keepCode.js', import.meta.url);
if (existsSync(KEEP_CODE)) await import(KEEP_CODE.href);
