/** `npm run sbom`: writes what the installed package consists of, as a CycloneDX document, into `release/`. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { CorpusError } from '../corpus/command.js';
import { PROJECT_ROOT } from '../corpus/trees.js';
import { TOOL } from '../src/version.js';
import { RELEASE_DIR } from './release.js';
import { makeSbom } from './sbom.js';

try {
  const text = await makeSbom([]);
  mkdirSync(RELEASE_DIR, { recursive: true });
  const path = join(RELEASE_DIR, `${TOOL.name}-${TOOL.version}.cdx.json`);
  writeFileSync(path, text);
  process.stdout.write(`${relative(PROJECT_ROOT, path)}: ${JSON.parse(text).components.length} components\n`);
} catch (error) {
  if (!(error instanceof CorpusError)) throw error;
  process.stderr.write(`${error.message}\n`);
  process.exitCode = 2;
}
