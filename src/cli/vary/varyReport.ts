import { painted } from '../paint.js';
import { verifyText } from '../verifyReport.js';
import type { FactorReport, VaryReport } from './vary.js';

/** How the archive compares, and what each circumstance did. */
export function varyText({ verify, factors, isCombination }: VaryReport): string {
  const lines = factors.map(factorText);
  if (isCombination) lines.push(`  ${painted('red', 'a combination matters')}: no value alone gives another archive`);
  return `${verifyText(verify)}${lines.map(line => `${line}\n`).join('')}`;
}

function factorText({ factor, values, matters }: FactorReport): string {
  // A value may stand for several rebuilds.
  const tried = `  ${factor} (${[...new Set(values)].join(', ')}): `;
  if (matters.length === 0) return `${tried}${painted('green', 'does not matter')}`;
  return `${tried}${painted('red', 'matters')}: other bytes with ${[...new Set(matters)].join(', ')}`;
}
