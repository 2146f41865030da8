/**
 * Runs the tests on another Node than the one that is installed:
 *
 *     npm run test:node -- VERSION [TEST FILES]
 *
 * VERSION is what npm takes behind `node@`: 22, 24, ... What the present Node compiled and built is what is tested, the
 * native library included, as with a user who changes Node under an installed package.
 */
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { CorpusError } from '../corpus/command.js';
import { outliveSignals } from '../corpus/proof.js';
import { PROJECT_ROOT } from '../corpus/trees.js';
import { withNode } from './nodeRelease.js';

const [version, ...files] = process.argv.slice(2);

if (version === undefined || !/^[\w.-]+$/.test(version)) {
  process.stderr.write('Usage: npm run test:node -- VERSION [TEST FILES]\n');
  process.exitCode = 2;
} else {
  outliveSignals();
  try {
    process.exitCode = withNode(version, testOn);
  } catch (error) {
    if (!(error instanceof CorpusError)) throw error;
    process.stderr.write(`${error.message}\n`);
    process.exitCode = 2;
  }
}

/** @returns the exit code of the tests */
function testOn({ bin, version }: { bin: string; version: string }): number {
  process.stdout.write(`Tests on Node ${version}\n`);
  const { scripts } = JSON.parse(readFileSync(join(PROJECT_ROOT, 'package.json'), 'utf8'));
  const command = files.length === 0 ? scripts.test : 'node --test --test-reporter=spec "$@"';
  const { status } = spawnSync('sh', ['-c', command, 'sh', ...files], {
    cwd: PROJECT_ROOT,
    env: { ...process.env, PATH: `${bin}${delimiter}${process.env['PATH'] ?? ''}` },
    stdio: 'inherit',
  });
  return status ?? 1;
}
