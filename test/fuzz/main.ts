import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Finding, Report } from './fuzzer.js';
import { TARGETS } from './targets.js';
import { fuzzWatched } from './watched.js';

/**
 *     node dist/test/fuzz/main.js [TARGET|all] [SECONDS] [SEED] [--missing]
 *
 * Fuzzes a target, or each, for so many CPU seconds. Exit code 1 where something was found; inputs are written
 * to files that are named. `--missing` lists the code that was never reached.
 */
const withMissing = process.argv.includes('--missing');
const words = process.argv.slice(2).filter(word => word !== '--missing');
const [which = 'all', seconds = '8', seed = '1'] = words;
const isKnown = which === 'all' || TARGETS[which] !== undefined;
if (!isKnown || !(Number(seconds) > 0) || !Number.isInteger(Number(seed))) {
  process.stderr.write(`Usage: fuzz [all|${Object.keys(TARGETS).join('|')}] [SECONDS] [SEED]\n`);
  process.exit(2);
}

process.exitCode = (await (which === 'all' ? eachInAProcess() : fuzz(which))) ? 0 : 1;

/** @returns whether nothing was found */
async function fuzz(name: string): Promise<boolean> {
  const budget = { executions: Number.POSITIVE_INFINITY, seconds: Number(seconds) };
  const report = await fuzzWatched(name, budget, Number(seed));
  process.stdout.write(`${summary(name, report)}\n`);
  if (withMissing) for (const piece of report.missing) process.stdout.write(`  ${piece}\n`);
  for (const finding of report.findings) tell(name, finding);
  return report.findings.length === 0;
}

/** As many at a time as there are processors: CPU time is counted for processes. @returns whether nothing was found */
async function eachInAProcess(): Promise<boolean> {
  const left = Object.keys(TARGETS);
  let isFine = true;
  const runner = async (): Promise<void> => {
    for (let name = left.shift(); name !== undefined; name = left.shift()) {
      const args = [name, seconds, seed, ...(withMissing ? ['--missing'] : [])];
      const child = spawn(process.execPath, [fileURLToPath(import.meta.url), ...args], { stdio: 'inherit' });
      const [code] = await once(child, 'exit');
      isFine &&= code === 0;
    }
  };
  await Promise.all(Array.from({ length: availableParallelism() }, runner));
  return isFine;
}

function summary(name: string, report: Report): string {
  const { executions, read, corpus, compared, covered } = report;
  const share = `${(100 * covered).toFixed(1)} % of its code`;
  return `${name}: ${executions} executions (${read} read), ${share}, ${corpus} kept, ${compared} compared, ${report.findings.length} findings`;
}

function tell(name: string, { reason, input }: Finding): void {
  const path = join(mkdtempSync(join(tmpdir(), 'kheaders-pack-fuzz-')), name);
  writeFileSync(path, input);
  process.stdout.write(`  ${path} (${input.length} bytes): ${reason.replaceAll('\n', '\n  ')}\n`);
}
