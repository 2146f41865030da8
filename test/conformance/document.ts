import type { Clause, Specification } from './clause.js';
import { LZMA2 } from './lzma2.js';
import { TAR } from './tar.js';
import { XZ } from './xz.js';

export const SPECIFICATIONS: readonly Specification[] = [XZ, LZMA2, TAR];

/** `docs/conformance.md`, made of the tables. */
export function conformanceDocument(): string {
  return `# Conformance

What the formats ask of who writes (w) and who reads (r) them, clause by clause, and the tests that hold us to it. This file is made
of the tables in \`test/conformance/\` by \`node dist/test/conformance/write.js\`; a test keeps it so, and finds every test that is named.
${SPECIFICATIONS.map(section).join('')}`;
}

function section({ title, source, clauses }: Specification): string {
  const rows = clauses.map(row).join('\n');
  return `
## ${title}

${source}: ${clauses.length} clauses.

| section | | | clause | tests |
|---|---|---|---|---|
${rows}
`;
}

function row({ section: number, force, party, clause, tests, note }: Clause): string {
  const files = [...new Set(tests.map(([file]) => file))].map(file => {
    const count = tests.filter(([each]) => each === file).length;
    return count === 1 ? file : `${file} (${count})`;
  });
  const text = note === undefined ? clause : `${clause} *${note}*`;
  return `| ${number} | ${force} | ${party} | ${text} | ${files.length === 0 ? 'none' : files.join(', ')} |`;
}
