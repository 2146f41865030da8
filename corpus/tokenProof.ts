/**
 * Proves on whole kernel trees that stripping changes no token.
 *
 *     node dist/corpus/tokenProof.js TREE...             modes comments and tokens: every header, exit 1 when one differs
 *     node dist/corpus/tokenProof.js --damage TREE...    which headers gen_kheaders.sh's own substitution changes, and how
 *
 * Every `*.h` of a tree is read twice by clang's lexer, as C and as assembler source. The proof also strips twice and compares;
 * `--damage` also compares mode `kernel` with perl, byte for byte.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import type { StripMode } from '../src/model/settings.js';
import { Comparator, type Comparison, type Difference, withComparator } from './tokenProof/comparator.js';
import { headersBelow } from './tokenProof/headers.js';
import { perlStripped } from './tokenProof/perl.js';
import { stripped } from './tokenProof/stripped.js';

const EXACT: readonly StripMode[] = ['comments', 'tokens'];
const PERL_BATCH = 200;

async function compareTree(program: string, tree: string, modes: readonly StripMode[]): Promise<Comparison> {
  const comparator = new Comparator(program);
  for (const name of headersBelow(tree)) {
    const source = readFileSync(join(tree, name));
    await comparator.add(name, source, new Map(modes.map(mode => [mode, stripped(source, mode)])));
  }
  return comparator.finish();
}

/** The headers that change when stripped again. */
function* changedByTwice(tree: string): Generator<string, void, undefined> {
  for (const name of headersBelow(tree)) {
    const source = readFileSync(join(tree, name));
    for (const mode of EXACT) {
      const once = stripped(source, mode);
      if (Buffer.compare(once, stripped(once, mode)) !== 0) yield `${name} (${mode})`;
    }
  }
}

/** The headers of which mode `kernel` and perl make something else. */
function* unlikePerl(tree: string): Generator<string, void, undefined> {
  const names = [...headersBelow(tree)];
  for (let i = 0; i < names.length; i += PERL_BATCH) {
    const batch = names.slice(i, i + PERL_BATCH);
    const expected = perlStripped(tree, batch);
    for (const [k, name] of batch.entries()) {
      const actual = stripped(readFileSync(join(tree, name)), 'kernel');
      if (Buffer.compare(actual, expected[k] ?? Buffer.alloc(0)) !== 0) yield name;
    }
  }
}

/** Whether the tokens differ themselves, not only in the white space before them. */
function isTokenChange({ before, after }: Difference): boolean {
  const bare = (token: string): string => token.replaceAll(' [LeadingSpace]', '');
  return bare(before) !== bare(after);
}

function report(differences: readonly Difference[]): void {
  for (const { name, mode, reading, before, after } of differences) {
    console.log(`  ${name} (${mode}, as ${reading}): ${before} -> ${after}`);
  }
}

function reportAll(claim: string, names: Iterable<string>): boolean {
  const found = [...names];
  console.log(`  ${claim}: ${found.length}`);
  for (const name of found) console.log(`    ${name}`);
  return found.length === 0;
}

async function prove(program: string, tree: string): Promise<boolean> {
  const { differences, headers, tokens } = await compareTree(program, tree, EXACT);
  const differing = new Set(differences.map(({ name }) => name)).size;
  console.log(`${tree}: ${headers} headers checked, ${tokens} tokens, ${differing} headers differ`);
  report(differences);
  return reportAll('headers that change when stripped again', changedByTwice(tree)) && differing === 0;
}

async function findDamage(program: string, tree: string): Promise<boolean> {
  const { differences, headers } = await compareTree(program, tree, ['kernel']);
  const asC = differences.filter(({ reading }) => reading === 'C');
  const tokenChanges = asC.filter(isTokenChange);
  console.log(
    `${tree}: ${headers} headers checked, gen_kheaders.sh's substitution changes tokens of ${tokenChanges.length}`,
  );
  report(tokenChanges);
  const spaceChanges = asC.filter(difference => !isTokenChange(difference));
  console.log(`  and only white space before tokens of ${spaceChanges.length}`);
  report(spaceChanges);
  return reportAll('headers on which mode kernel and perl disagree', unlikePerl(tree));
}

const { values, positionals } = parseArgs({ allowPositionals: true, options: { damage: { type: 'boolean' } } });
if (positionals.length === 0) throw new Error('Name at least one kernel tree');
await withComparator(async program => {
  for (const tree of positionals) {
    const isGood = values.damage === true ? await findDamage(program, tree) : await prove(program, tree);
    if (!isGood) process.exitCode = 1;
  }
});
