/** `npm run release`: makes the self-contained release of this platform in `release/`. */
import { statSync } from 'node:fs';
import { relative } from 'node:path';
import { CorpusError } from '../corpus/command.js';
import { PROJECT_ROOT } from '../corpus/trees.js';
import { makeRelease, RELEASE_DIR, sha256 } from './release.js';

try {
  const archive = await makeRelease(RELEASE_DIR);
  const { size } = statSync(archive);
  process.stdout.write(`${relative(PROJECT_ROOT, archive)}: ${size} bytes, SHA-256 ${sha256(archive)}\n`);
} catch (error) {
  if (!(error instanceof CorpusError)) throw error;
  process.stderr.write(`${error.message}\n`);
  process.exitCode = 2;
}
