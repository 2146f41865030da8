import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { conformanceDocument } from './document.js';

/** Writes `docs/conformance.md` anew. */
const DOCS = join(dirname(fileURLToPath(import.meta.url)), '../../../docs');

mkdirSync(DOCS, { recursive: true });
writeFileSync(join(DOCS, 'conformance.md'), conformanceDocument());
