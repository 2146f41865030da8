import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Finding, Report } from './fuzzer.js';
import { TARGETS } from './targets.js';
import { fuzzWatched } from './watched.js';

/**
 *     node dist/test/fuzz/main.js [TARGET|all] [SECONDS] [SEED] [--missing]
 *
 * Fuzzes a target, or each in turn, for so many CPU seconds. Exit code 1 where something was found; inputs are written
 * to files that are named. `--missing` lists the code that was never reached.
 */
const words = process.argv.slice(2).filter(word => word !== '--missing');
const [which = 'all', seconds = '8', seed = '1'] = words;
const names = which === 'all' ? Object.keys(TARGETS) : [which];
if (names.some(name => TARGETS[name] === undefined) || !(Number(seconds) > 0) || !Number.isInteger(Number(seed))) {
  process.stderr.write(`Usage: fuzz [all|${Object.keys(TARGETS).join('|')}] [SECONDS] [SEED]\n`);
  process.exit(2);
}

let found = 0;
for (const name of names) {
  const budget = { executions: Number.POSITIVE_INFINITY, seconds: Number(seconds) };
  const report = await fuzzWatched(name, budget, Number(seed));
  process.stdout.write(`${summary(name, report)}\n`);
  if (process.argv.includes('--missing')) for (const piece of report.missing) process.stdout.write(`  ${piece}\n`);
  for (const finding of report.findings) tell(name, finding);
  found += report.findings.length;
}
process.exitCode = found === 0 ? 0 : 1;

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
