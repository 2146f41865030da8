import { chmodSync, copyFileSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { output } from '../command.js';
import { claim, type Transcript } from '../proof.js';

/** What a boot has to show. */
export interface Boot {
  readonly bzImage: string;
  /** A module to load first, which shows the archive; null where the kernel does. */
  readonly shower: string | null;
  /** SHA-256 of the archive, in hexadecimal, and the number of headers in it. */
  readonly expected: { readonly digest: string; readonly headers: number };
  /** A module to load, and what it prints. */
  readonly module: { readonly path: string; readonly message: string };
}

/** Milliseconds; without hardware to help, a boot takes some ten seconds. */
const WATCHDOG = 300_000;
const SAYS = 'GUEST';

/** The guest's first and only program. What it says begins with GUEST; the host believes nothing else. */
const INIT = `#!/bin/busybox sh
for applet in cat cmp cut dmesg find grep insmod mkdir mount reboot rmmod sha256sum tar uname wc; do
	eval "$applet() { /bin/busybox $applet \\"\\$@\\"; }"
done
mkdir -p /proc /sys /tmp
mount -t proc none /proc; mount -t sysfs none /sys; mount -t tmpfs none /tmp
archive=/sys/kernel/kheaders.tar.xz
say() { echo "${SAYS} $*"; }
say "kernel $(uname -r)"
if [ -e /shower ]; then
	[ -e $archive ] && say "there is an archive already"
	insmod "/modules/$(cat /shower)" && say "loaded $(cat /shower)"
fi
say "digest $(sha256sum $archive | cut -d' ' -f1)"
mkdir /tmp/headers
tar -xJf $archive -C /tmp/headers && say "headers $(find /tmp/headers -name '*.h' -type f | wc -l)"
insmod "/modules/$(cat /module)" && say "loaded $(cat /module)"
say "message $(dmesg | grep -o 'proof says: .*')"
rmmod "$(cat /module | cut -d. -f1)" && say "unloaded $(cat /module)"
say end
reboot -f
`;

/** Boots a kernel in qemu, without hardware to help, and holds what the guest says against what it has to say. */
export function boot(directory: string, each: Boot, transcript: Transcript): void {
  const initrd = makeInitrd(join(directory, 'initrd'), each);
  const console = output(
    'qemu-system-x86_64',
    [
      ...['-accel', 'tcg', '-m', '512', '-nographic', '-no-reboot', '-net', 'none'],
      ...['-kernel', each.bzImage, '-initrd', initrd, '-append', 'console=ttyS0 panic=-1'],
    ],
    { timeout: WATCHDOG },
  );
  const said = console
    .split(/\r?\n/)
    .filter(line => line.startsWith(`${SAYS} `))
    .map(line => line.slice(SAYS.length + 1).trim());
  for (const line of said) transcript.say(`   guest: ${line}`);
  const module = basename(each.module.path);
  const loaded = [each.shower, each.module.path].filter(path => path !== null).map(path => `loaded ${basename(path)}`);
  const needed = [
    ...loaded,
    `digest ${each.expected.digest}`,
    `headers ${each.expected.headers}`,
    `message ${each.module.message}`,
    `unloaded ${module}`,
    'end',
  ];
  for (const line of needed) claim(said.includes(line), `the guest says "${line}"`);
  claim(!said.includes('there is an archive already'), 'without the module there is no archive');
}

function makeInitrd(root: string, { shower, module }: Boot): string {
  rmSync(root, { recursive: true, force: true });
  mkdirSync(join(root, 'bin'), { recursive: true });
  mkdirSync(join(root, 'modules'));
  const busybox = output('sh', ['-c', 'command -v busybox']).trim();
  copyFileSync(busybox, join(root, 'bin/busybox'));
  writeFileSync(join(root, 'init'), INIT);
  for (const path of ['init', 'bin/busybox']) chmodSync(join(root, path), 0o755);
  for (const [file, path] of [
    ['shower', shower],
    ['module', module.path],
  ] as const) {
    if (path === null) continue;
    writeFileSync(join(root, file), basename(path));
    copyFileSync(path, join(root, 'modules', basename(path)));
  }
  const initrd = `${root}.gz`;
  const pack = 'cd "$1" && find . | LC_ALL=C sort | cpio --quiet -o -H newc | gzip -1 > "$2"';
  output('sh', ['-c', pack, 'sh', root, initrd]);
  claim(readFileSync(initrd).length > 0, 'the initrd was made');
  return initrd;
}
