import assert from 'node:assert/strict';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { availableTrees, SERIES } from '../../corpus/trees.js';
import { packed, succeeded } from '../support/archive.js';
import { run } from '../support/cli.js';
import { scratch } from '../support/scratch.js';
import { unless } from '../support/tools.js';

const MODULE = `// SPDX-License-Identifier: GPL-2.0-only
#include <linux/init.h>
#include <linux/module.h>
#include <linux/netdevice.h>

static int __init hello(void)
{
	pr_info("%zu\\n", sizeof(struct net_device));
	return 0;
}

module_init(hello);
MODULE_LICENSE("GPL");
MODULE_DESCRIPTION("A module built from an archive");
`;

/** Debian's header packages of a series, with the linux-kbuild package that they link to; else why there are none. */
function headerPackages(series: string): { object: string } | string {
  const tree = availableTrees().find(({ name }) => name === `linux-headers-${series}`);
  if (tree === undefined || tree.object === null) return 'not fetched (npm run corpus)';
  return existsSync(join(tree.object, 'scripts/mod/modpost'))
    ? { object: tree.object }
    : 'fetched without linux-kbuild (npm run corpus)';
}

describe("profile modules of Debian's header packages builds a module where nothing else is left:", () => {
  for (const series of SERIES) {
    const packages = headerPackages(series);
    const tools = unless('make', 'gcc-12', 'tar', 'xz', 'unshare', 'modinfo');
    const skip =
      tools ||
      (process.getuid?.() === 0 ? false : 'only root can hide the packages') ||
      (typeof packages === 'string' ? packages : false);
    it(`Linux ${series}`, { skip }, async t => {
      assert.ok(typeof packages !== 'string');
      const work = scratch(t);
      const archive = join(work, 'modules.tar.xz');
      await packed([packages.object, '--profile', 'modules', '--symvers', '--preset', '0'], archive);
      for (const directory of ['headers', 'module']) mkdirSync(join(work, directory));
      succeeded(await run('tar', ['-xpf', archive, '-C', join(work, 'headers')]));
      writeFileSync(join(work, 'module/hello.c'), MODULE);
      writeFileSync(join(work, 'module/Kbuild'), 'obj-m := hello.o\n');
      // Nothing of the packages can be seen in there.
      const script = 'mount -t tmpfs none "$1" && exec make -s -C "$2/headers" M="$2/module" W=1 modules';
      const hidden = join(packages.object, '../../..');
      const { stderr } = succeeded(await run('unshare', ['-m', 'sh', '-c', script, 'sh', hidden, work]));
      assert.doesNotMatch(stderr, /warning/i);
      const { stdout } = succeeded(await run('modinfo', ['-F', 'vermagic', join(work, 'module/hello.ko')]));
      assert.match(stdout.toString(), new RegExp(`^${series.replace('.', '\\.')}\\.\\S+ SMP `));
    });
  }
});
