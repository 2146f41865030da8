import assert from 'node:assert/strict';
import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, describe, it } from 'node:test';
import { generateTree } from '../../corpus/synthetic.js';
import { namesOf, succeeded, tarOf } from '../support/archive.js';
import { runCli } from '../support/cli.js';
import { assertHoldsOnly } from '../support/litter.js';
import { dryRun } from '../support/plan.js';
import { scratch } from '../support/scratch.js';
import { unless } from '../support/tools.js';

const work = scratch({ after });
const tree = join(work, 'tree');
generateTree(tree, { headers: 120, seed: 9 });
const ARGS = [tree, '--preset', '0', '--block-size', '64KiB', '--jobs', '2'];

describe('--dry-run', () => {
  it('prints every entry, Block by Block, and writes nothing', async () => {
    const empty = join(work, 'empty');
    mkdirSync(empty);
    const { stdout } = succeeded(await runCli([...ARGS, '-n', '--mtime', '@7'], { cwd: empty }));
    const lines = stdout.toString().trimEnd().split('\n');
    const { plan } = await dryRun([...ARGS, '--mtime', '@7']);
    // An entry that runs over several Blocks is printed with each.
    const entries = [...new Set(lines)];
    assert.equal(lines.filter(line => line.startsWith('Block ')).length, plan.blocks.length + 1);
    assert.match(lines.at(-1) ?? '', new RegExp(`^${plan.entries.length} entries, [\\d,]+ bytes of tar, mtime 7$`));
    assert.equal(
      entries.filter(line => /^ {2}-rw-r--r-- +\d+ \.\/.*\.h$/.test(line)).length,
      count(plan.entries, 'regular'),
    );
    assert.equal(entries.filter(line => /^ {2}hrw.* link to \.\//.test(line)).length, count(plan.entries, 'hardlink'));
    assertHoldsOnly(empty, []);
  });

  it('as JSON lists what the archive then has, in its order', { skip: unless('xz', 'tar') }, async () => {
    const { plan } = await dryRun(ARGS);
    assert.equal(plan.schema, 'kheaders-pack/plan/1');
    const archive = join(work, 'k.tar.xz');
    succeeded(await runCli([...ARGS, '-q', '-o', archive]));
    assert.deepEqual(
      plan.entries.map(({ path }) => path),
      await namesOf(archive),
    );
    assert.equal(plan.tarSize, (await tarOf(archive)).length);
    const kinds = new Set(plan.entries.map(({ kind }) => kind));
    assert.deepEqual([...kinds].sort(), ['directory', 'hardlink', 'regular', 'symlink']);
  });

  it('--json=FILE writes the plan there and nothing to standard output', async () => {
    const { stdout } = succeeded(await runCli([...ARGS, '-n', '--json=plan.json', '-q'], { cwd: work }));
    assert.equal(stdout.length, 0);
    assert.equal(JSON.parse(readFileSync(join(work, 'plan.json'), 'utf8')).schema, 'kheaders-pack/plan/1');
  });
});

function count(entries: readonly { kind: string }[], kind: string): number {
  return entries.filter(entry => entry.kind === kind).length;
}
