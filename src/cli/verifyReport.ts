import { formatBytes } from '../bytes/size.js';
import type { VerifyReport } from '../model/verifyReport.js';
import { painted } from './paint.js';

/** Findings told. */
const TOLD = 20;

/** The verdict on one line, and the reasons below. */
export function verifyText(report: VerifyReport): string {
  const { archive, findings } = report;
  const lines = [`${archive}: ${verdictText(report)}`, ...findings.slice(0, TOLD).map(finding => `  ${finding}`)];
  if (findings.length > TOLD) lines.push(`  ... and ${findings.length - TOLD} more (--json has them all)`);
  return lines.map(line => `${line}\n`).join('');
}

function verdictText({ verdict, findings, container, tar, manifest, rebuild }: VerifyReport): string {
  const painting =
    verdict === 'good' || verdict === 'reproduced' ? 'green' : verdict === 'contents reproduced' ? 'yellow' : 'red';
  const word = painted(painting, verdict);
  if (verdict === 'good' || verdict === 'reproduced') {
    const blocks = container === null ? [] : [blocksText(container.blocks, container.checks)];
    const entries = tar === null ? [] : [`${tar.entries} entries`, `${formatBytes(tar.size)} of tar`];
    const compared = manifest === null || findings.length > 0 ? [] : ['as its manifest says'];
    return `${word}: ${[...blocks, ...entries, ...compared].join(', ')}`;
  }
  return rebuild?.stopped === true ? `${word} (stopped at the first difference)` : word;
}

function blocksText(blocks: number, checks: readonly string[]): string {
  return `${blocks} ${blocks === 1 ? 'Block' : 'Blocks'}, Check ${checks.join(' ')}`;
}
