/**
 * Writes the manual page and the completions below `dist/share`, as they lie below `/usr/share`; `npm run build` runs it behind the
 * compiler.
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { packageFile, TOOL } from '../../version.js';
import { wholeProgram } from '../program.js';
import { manPage } from './manPage.js';
import { referenceOf } from './reference.js';
import { SHELLS } from './shells.js';

const program = referenceOf(await wholeProgram());
writeShare('man/man1/kheaders-pack.1', manPage(program, TOOL.version));
for (const { script, place } of Object.values(SHELLS)) writeShare(place, script(program));

function writeShare(place: string, text: string): void {
  const path = fileURLToPath(packageFile(`dist/share/${place}`));
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, text);
}
