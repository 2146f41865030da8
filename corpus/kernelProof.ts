import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { output } from './command.js';
import {
  buildKernel,
  configure,
  type Kernel,
  keep,
  kept,
  keyOf,
  killInTheMiddle,
  TARGET,
  type Variant,
} from './kernelProof/build.js';
import { boot } from './kernelProof/guest.js';
import { buildModule, buildShower, compileEbpf, cutOut, pack, unpack } from './kernelProof/objects.js';
import { cleanSource } from './kernelProof/source.js';
import { missingPackages } from './kernelProof/tools.js';
import { withoutFiles } from './parity/aside.js';
import { claim, prove, type Transcript } from './proof.js';
import { PROJECT_ROOT, SERIES, type Series } from './trees.js';

const HELP = `Usage: npm run test:kernel [-- SERIES]

The proof inside a real kernel: builds a tiny one with our command in gen_kheaders.sh's place, boots it in qemu and has
the guest check the archive, and builds an external module and an eBPF object from nothing but archives. SERIES is
${SERIES.join(' or ')} (default ${SERIES[0]}). What was built stays in corpus/kernels and is used by the next run.

Exit codes: 0 all claims hold, or packages are missing (a line says which); 1 one does not hold; 2 trouble.
`;

/** In the order in which they are built, each from what the one before left; the last one's object tree stays. */
const VARIANTS = {
  n: { ikheaders: 'n', compression: 'GZIP' },
  m: { ikheaders: 'm', compression: 'GZIP' },
  xz: { ikheaders: 'y', compression: 'XZ' },
  zstd: { ikheaders: 'y', compression: 'ZSTD' },
  y: { ikheaders: 'y', compression: 'GZIP' },
} as const satisfies Readonly<Record<string, Variant>>;

process.exitCode = main(process.argv.slice(2));

function main(args: string[]): number {
  const [given = SERIES[0]] = args;
  const series = SERIES.find(each => each === given);
  if (series === undefined) {
    process.stdout.write(HELP);
    return given === '--help' ? 0 : 2;
  }
  const missing = missingPackages();
  if (missing.length > 0) {
    process.stdout.write(`skipped: install ${missing.join(' ')}, then run this again\n`);
    return 0;
  }
  return prove(transcript => proveSeries(series, transcript));
}

function proveSeries(series: Series, transcript: Transcript): void {
  const work = join(PROJECT_ROOT, 'corpus/kernels', series);
  mkdirSync(work, { recursive: true });
  const source = transcript.step(`Linux ${series}: a clean source`, () => cleanSource(series, work));
  // One object tree for all: tools/objtool knows its own path, and in a copy everything would be compiled again.
  const object = join(work, 'object');
  const kernels = buildAll(source, object, work, transcript);
  const { y, m, n } = kernels;
  const archive = y.archive ?? '';
  whileBuilding(object, sha256(archive), transcript);

  const modules = transcript.step('profile modules', () => packModules(object, work, transcript));
  const release = readFileSync(join(object, 'include/config/kernel.release'), 'utf8').trim();
  const { module, shower, headers } = transcript.step('from archives alone, the trees renamed away', () =>
    withoutFiles([source, object], () => {
      const forModules = unpack(modules, join(work, 'unpacked-modules'));
      const forEbpf = unpack(archive, join(work, 'unpacked-headers'));
      compileEbpf(forEbpf, join(work, 'ebpf'), transcript);
      return {
        module: buildModule(forModules, join(work, 'module'), release),
        shower: buildShower(archive, forModules, join(work, 'shower')),
        headers: Number(output('sh', ['-c', 'find . -type f -name "*.h" | wc -l'], { cwd: forEbpf })),
      };
    }),
  );

  transcript.step('cut the archive out of images and modules', () => {
    for (const { kernel, path } of imagesOf(kernels)) cutOut(path, kernel.archive ?? '', work, transcript);
    cutOut(shower, archive, work, transcript);
  });

  const boots = [
    { name: 'IKHEADERS=y', kernel: y, shower: null, archive },
    { name: 'IKHEADERS=m', kernel: m, shower: m.module, archive: m.archive ?? '' },
    { name: 'no IKHEADERS, and our own module', kernel: n, shower, archive },
  ];
  for (const { name, kernel, shower: first, archive: expected } of boots) {
    transcript.step(`boot with ${name}`, () => {
      const shown = { digest: sha256(expected), headers };
      boot(work, { bzImage: kernel.bzImage, shower: first, expected: shown, module }, transcript);
    });
  }
}

type Kernels = Readonly<Record<keyof typeof VARIANTS, Kernel>>;

/** Builds the kernels that an earlier run did not, with our command in gen_kheaders.sh's place. */
function buildAll(source: string, object: string, work: string, transcript: Transcript): Kernels {
  const build = (name: keyof Kernels): Kernel => {
    const variant: Variant = VARIANTS[name];
    const directory = join(work, `kernel-${name}`);
    const key = keyOf(variant);
    const title = `build with IKHEADERS=${variant.ikheaders}, image in ${variant.compression}`;
    return transcript.step(title, () => {
      const earlier = kept(directory, key);
      // The last one's object tree is used as well.
      if (earlier !== null && name !== 'y') return earlier;
      configure(source, object, variant);
      const hasMade = buildKernel(object);
      transcript.say(`   ${hasMade ? 'the archive was made' : 'no archive had to be made'}`);
      return keep(object, variant, directory, key);
    });
  };
  const [n, m, xz, zstd] = [build('n'), build('m'), build('xz'), build('zstd')];
  return { n, m, xz, zstd, y: build('y') };
}

/** What our command has to show in builds that follow. */
function whileBuilding(object: string, digest: string, transcript: Transcript): void {
  const target = join(object, TARGET);
  transcript.say(`   archive ${readFileSync(target).length} bytes, SHA-256 ${digest}`);
  transcript.step('make again: the target is left alone', () => {
    const before = statSync(target).mtimeMs;
    const hasMade = buildKernel(object);
    claim(!hasMade && statSync(target).mtimeMs === before, 'a build in which nothing changed leaves the target alone');
  });
  transcript.step('kill -9 in the middle, then make again', () => {
    killInTheMiddle(object);
    const hasMade = buildKernel(object);
    claim(hasMade && sha256(target) === digest, 'the build after it makes the same archive');
  });
}

function imagesOf({ y, m, xz, zstd }: Kernels): { kernel: Kernel; path: string }[] {
  const modules = m.module === null ? [] : [{ kernel: m, path: m.module }];
  const images = [y, xz, zstd].map(kernel => ({ kernel, path: kernel.bzImage }));
  return [{ kernel: y, path: y.vmlinux }, ...images, ...modules];
}

function packModules(object: string, work: string, transcript: Transcript): string {
  const [plain, whole] = [join(work, 'modules-without-symvers.tar.xz'), join(work, 'modules.tar.xz')];
  pack([object, '--profile', 'modules'], plain);
  pack([object, '--profile', 'modules', '--symvers'], whole);
  const names = output('tar', ['-tf', whole]).trimEnd().split('\n');
  const files = names.filter(name => !name.endsWith('/')).length;
  const bytes = [plain, whole].map(path => readFileSync(path).length);
  transcript.say(`   ${files} files, ${bytes[1]} bytes, ${bytes[0]} without Module.symvers`);
  return whole;
}

function sha256(path: string): string {
  return createHash('sha256').update(readFileSync(path)).digest('hex');
}
