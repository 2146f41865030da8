import assert from 'node:assert/strict';
import { cpSync, existsSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { after, describe, it } from 'node:test';
import { generateTree } from '../../corpus/synthetic.js';
import { SERIES, TREES_DIR } from '../../corpus/trees.js';
import { packed, succeeded } from '../support/archive.js';
import { run, runCli } from '../support/cli.js';
import { writeFiles } from '../support/kernelTree.js';
import { scratch } from '../support/scratch.js';
import { unless } from '../support/tools.js';

const scripts = SERIES.map(series => join(TREES_DIR, `linux-source-${series}`, 'kernel/gen_kheaders.sh')).filter(
  existsSync,
);
const noScript = scripts.length === 0 ? 'no kernel source is here (npm run corpus -- --full)' : false;
const skip = noScript || unless('sh', 'find', 'cpio', 'perl', 'tar', 'xz', 'md5sum');

const work = scratch({ after });
const tree = join(work, 'tree');
generateTree(tree, { headers: 60, seed: 61 });
mkdirSync(join(tree, 'kernel'), { recursive: true });
writeFiles(tree, { 'include/linux/told.h': '/* a comment */\n#define TOLD 1\n' });
const TIMESTAMP = '@1700000000';

/** What the kernel's own script makes of the tree, as kbuild calls it. */
async function scriptArchive(script: string, name: string): Promise<string> {
  const env = {
    srctree: '.',
    SRCARCH: 'x86',
    building_out_of_srctree: '',
    KBUILD_BUILD_TIMESTAMP: TIMESTAMP,
    XZ: 'xz',
    TZ: 'UTC',
  };
  const place = join(work, `copy-${name}`);
  cpSync(tree, place, { recursive: true, verbatimSymlinks: true });
  succeeded(await run('sh', [script, 'kernel/kheaders_data.tar.xz'], { cwd: place, env }));
  return join(place, 'kernel/kheaders_data.tar.xz');
}

describe("an archive of the kernel's own gen_kheaders.sh", { skip }, () => {
  for (const [i, script] of scripts.entries()) {
    it(`is verified by its contents (${SERIES[i]})`, async () => {
      const archive = await scriptArchive(script, `verify-${i}`);
      const plain = await runCli(['verify', archive, tree]);
      assert.equal(plain.code, 1, plain.stderr);
      assert.match(
        plain.stdout.toString(),
        /: contents reproduced\n {2}compression not comparable: the Block Headers do not state both sizes, as kheaders-pack writes them\n$/,
      );
      assert.match(plain.stderr, /^Rebuilding: .*--strip kernel --order gnu .*--mtime @1700000000/);
      for (const args of [[], ['--compat']]) {
        const { code, stdout } = await runCli(['verify', '--contents', ...args, archive, tree]);
        assert.equal(code, 0, stdout.toString());
      }
      assert.equal((await runCli(['verify', archive])).code, 0);
    });

    it(`is compared with ours, on either side (${SERIES[i]})`, async () => {
      const archive = await scriptArchive(script, `diff-${i}`);
      const ours = join(work, `ours-${i}.tar.xz`);
      await packed([tree, '--arch', 'x86', '--compat', '--mtime', TIMESTAMP, '--preset', '0'], ours);
      for (const pair of [
        [archive, ours],
        [ours, archive],
      ]) {
        const { code, stdout } = await runCli(['diff', ...pair]);
        assert.equal(code, 1);
        assert.match(stdout.toString(), /^Different: compression alone: the tar inside is the same, byte for byte\n/);
      }
      const stripped = join(work, `stripped-${i}.tar.xz`);
      await packed(
        [tree, '--arch', 'x86', '--order', 'gnu', '--no-dedup', '--mtime', TIMESTAMP, '--preset', '0'],
        stripped,
      );
      const { stdout } = await runCli(['diff', archive, stripped]);
      assert.match(stdout.toString(), /^Different: --strip: kernel -> comments\n/);
    });
  }

  it('is told apart by the utsversion.h that an earlier build left behind', async () => {
    const [script = ''] = scripts;
    const before = await scriptArchive(script, 'before');
    writeFiles(tree, { 'include/generated/utsversion.h': '#define UTS_VERSION "#1 SMP"\n' });
    const later = await scriptArchive(script, 'later');
    const { stdout } = await runCli(['diff', before, later]);
    assert.match(
      stdout.toString(),
      /^Different: only in B: \.\/include\/generated\/utsversion\.h \(the build's number and time/,
    );
    const verified = await runCli(['verify', '--contents', later, tree]);
    assert.equal(verified.code, 1);
    assert.match(
      verified.stdout.toString(),
      /: not reproduced\n {2}"\.\/include\/generated\/utsversion\.h" is in the archive only\n$/,
    );
  });
});
