import assert from 'node:assert/strict';
import { mkdirSync, readFileSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it, type TestContext } from 'node:test';
import { namesOf, succeeded, tarOf } from '../support/archive.js';
import { type Ended, PROGRAM, run } from '../support/cli.js';
import { buildTree, EXPORTED, runKbuild, TARGET } from '../support/kbuild.js';
import { writeFiles } from '../support/kernelTree.js';
import { assertHoldsOnly } from '../support/litter.js';
import { scratch } from '../support/scratch.js';
import { unless } from '../support/tools.js';
import { assertTrouble } from '../support/trouble.js';

const LISTS = ['kernel/kheaders-srclist', 'kernel/kheaders-objlist'];
const DEPENDENCIES = 'kernel/.kheaders_data.tar.xz.d';

/** A source tree beside an object tree, with the lists that Linux 6.17's kernel/Makefile makes of them. */
function pair(t: TestContext): { source: string; object: string; env: Record<string, string> } {
  const work = scratch(t);
  const source = buildTree(join(work, 'linux'), {
    'include/linux/a.h': '#define A 1\n',
    'include/linux/unlisted.h': '',
    'include/generated/stale.h': '',
  });
  const object = writeFiles(join(work, 'object'), {
    'include/generated/autoconf.h': '#define CONFIG 1\n',
    'include/generated/g.h': '#define G 1\n',
    'include/generated/utsversion.h': '',
    [LISTS[0] ?? '']: `${source}/include/linux/a.h\n${source}/include/linux/least.h\n`,
    [LISTS[1] ?? '']: 'include/generated/autoconf.h\ninclude/generated/g.h\n',
  });
  return { source, object, env: { srctree: source, building_out_of_srctree: '1' } };
}

const filesOf = async (archive: string): Promise<string[]> =>
  (await namesOf(archive)).filter(name => !name.endsWith('/'));

describe('kbuild with lists', { skip: unless('tar', 'xz') }, () => {
  it('archives what they name and nothing else, and prints nothing: kbuild does', async t => {
    const { object, env } = pair(t);
    const { stdout, stderr } = succeeded(await runKbuild(object, [TARGET, ...LISTS, '@5'], { env }));
    assert.deepEqual([stdout.toString(), stderr], ['', '']);
    assert.deepEqual(await filesOf(join(object, TARGET)), [
      './include/generated/autoconf.h',
      './include/generated/g.h',
      './include/linux/a.h',
      './include/linux/least.h',
    ]);
    assertHoldsOnly(join(object, 'kernel'), [
      '.kheaders_data.tar.xz.d',
      'kheaders-objlist',
      'kheaders-srclist',
      'kheaders_data.tar.xz',
    ]);
  });

  it('writes the dependency file that kbuild reads, without autoconf.h', async t => {
    const { source, object, env } = pair(t);
    succeeded(await runKbuild(object, [TARGET, ...LISTS, ''], { env }));
    const expected = `
deps_${TARGET} := \\
  ${source}/include/linux/a.h \\
  ${source}/include/linux/least.h \\
  include/generated/g.h \\

${TARGET}: $(deps_${TARGET})

$(deps_${TARGET}):
`;
    assert.equal(readFileSync(join(object, DEPENDENCIES), 'utf8'), expected);
  });

  it('in the source tree takes off the prefix ./', async t => {
    const { source } = pair(t);
    writeFiles(source, {
      [LISTS[0] ?? '']: './include/linux/a.h\n',
      [LISTS[1] ?? '']: 'include/generated/stale.h\n',
    });
    succeeded(await runKbuild(source, [TARGET, ...LISTS, '']));
    assert.deepEqual(await filesOf(join(source, TARGET)), ['./include/generated/stale.h', './include/linux/a.h']);
  });

  it('takes the time stamp from the argument, and from the environment where it is empty', async t => {
    const { object, env } = pair(t);
    const mtimeWith = async (timestamp: string): Promise<string> => {
      succeeded(await runKbuild(object, [TARGET, ...LISTS, timestamp], { env }));
      const { stdout } = succeeded(await run('tar', ['--utc', '-tvf', join(object, TARGET)]));
      return /\d{4}-\d\d-\d\d \d\d:\d\d/.exec(stdout.toString())?.[0] ?? '';
    };
    assert.equal(await mtimeWith('Thu Feb 29 12:00:00 UTC 2024'), '2024-02-29 12:00');
    assert.equal(await mtimeWith(''), '2023-11-14 22:13');
  });

  it("always renews the target's time, also when its bytes stay the same", async t => {
    const { object, env } = pair(t);
    const again = (): Promise<Ended> => runKbuild(object, [TARGET, ...LISTS, ''], { env });
    succeeded(await again());
    const before = readFileSync(join(object, TARGET));
    utimesSync(join(object, TARGET), 1, 1);
    succeeded(await again());
    assert.deepEqual(readFileSync(join(object, TARGET)), before);
    assert.ok(statSync(join(object, TARGET)).mtimeMs > 1_000_000);
  });

  it('names a list, or a file of one, that is not there', async t => {
    const { object, env } = pair(t);
    assertTrouble(await runKbuild(object, [TARGET, 'none', LISTS[1] ?? '', ''], { env }), /Cannot read "none"/);
    writeFileSync(join(object, LISTS[1] ?? ''), 'include/gone.h\n');
    assertTrouble(await runKbuild(object, [TARGET, ...LISTS, ''], { env }), /Cannot read ".*\/include\/gone\.h"/);
    writeFileSync(join(object, LISTS[1] ?? ''), '../outside.h\n');
    assertTrouble(await runKbuild(object, [TARGET, ...LISTS, ''], { env }), /"\.\.\/outside\.h" of kbuild's lists/);
  });
});

/**
 * The calls that Linux 6.17's kernel/Makefile makes, in a makefile of our own: the lists are made in each build and
 * replaced where they differ, the target is made when a list or a dependency is newer or its command is another, and
 * what the command wrote as dependencies is kept for the next build.
 */
const MAKEFILE = `
obj := kernel
target := $(obj)/kheaders_data.tar.xz
cmd := ${process.execPath} ${PROGRAM} kbuild $(target) $(obj)/kheaders-srclist $(obj)/kheaders-objlist "$(KBUILD_BUILD_TIMESTAMP)"
replace = mv -f $@.new $@.keep; cmp -s $@.keep $@ && rm $@.keep || mv $@.keep $@

all: $(target)
.PHONY: all FORCE
FORCE:

$(obj)/kheaders-srclist: FORCE
\t@for d in include arch/x86/include; do find $(srctree)/$$d -path $(srctree)/$$d/generated -prune -o -name '*.h' -print; done | sort > $@.new; $(replace)
$(obj)/kheaders-objlist: FORCE
\t@find include/generated ! -path include/generated/utsversion.h -name '*.h' -print | sort > $@.new; $(replace)
$(obj)/saved-command: FORCE
\t@echo '$(cmd)' > $@.new; $(replace)
$(target): $(obj)/kheaders-srclist $(obj)/kheaders-objlist $(obj)/saved-command
\t@echo '  GEN     $@'
\t@$(cmd)
\t@mv $(obj)/.kheaders_data.tar.xz.d $(obj)/saved-dependencies
-include $(obj)/saved-dependencies
`;

describe("kbuild called as Linux 6.17's kernel/Makefile calls it", {
  skip: unless('make', 'find', 'tar', 'xz'),
}, () => {
  it('makes the target when something changed, and only then', async t => {
    const { source, object, env } = pair(t);
    writeFileSync(join(object, 'Makefile.test'), MAKEFILE);
    const make = async (variables: Record<string, string> = {}): Promise<string> => {
      const options = { cwd: object, env: { ...EXPORTED, MAKEFLAGS: undefined, ...env, ...variables } };
      return succeeded(await run('make', ['-f', 'Makefile.test'], options)).stdout.toString();
    };
    const GEN = `  GEN     ${TARGET}\n`;
    const NOTHING = '';
    assert.equal(await make(), GEN);
    assert.equal(await make(), NOTHING);
    // What is younger than the target by less than a tick would be missed by make itself.
    const later = new Date(Date.now() + 5000);
    writeFileSync(join(source, 'include/linux/a.h'), '#define A 2\n');
    utimesSync(join(source, 'include/linux/a.h'), later, later);
    assert.equal(await make(), GEN);
    assert.ok((await tarOf(join(object, TARGET))).includes('#define A 2'));
    utimesSync(join(object, TARGET), later, later);
    assert.equal(await make(), NOTHING);
    rmSync(join(source, 'include/linux/a.h'));
    assert.equal(await make(), GEN);
    assert.ok(!(await filesOf(join(object, TARGET))).includes('./include/linux/a.h'));
    utimesSync(join(object, 'include/generated/autoconf.h'), later, later);
    assert.equal(await make(), NOTHING);
    assert.equal(await make({ KBUILD_BUILD_TIMESTAMP: '@7' }), GEN);
    assert.equal(await make({ KBUILD_BUILD_TIMESTAMP: '@7' }), NOTHING);
    mkdirSync(join(source, 'include/new'));
    writeFileSync(join(source, 'include/new/n.h'), '');
    assert.equal(await make({ KBUILD_BUILD_TIMESTAMP: '@7' }), GEN);
  });
});
