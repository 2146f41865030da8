import assert from 'node:assert/strict';
import { dirname, join } from 'node:path';
import { Writable } from 'node:stream';
import { describe, it } from 'node:test';
import type { PackSettings, Settings } from '../../src/model/settings.js';
import type { Environment } from '../../src/settings/environment.js';
import type { PackOptions } from '../../src/settings/options.js';
import { resolveSettings } from '../../src/settings/resolve.js';
import { plant, scratchDirectory, TOP_MAKEFILE } from '../tree/scratch.js';
import { environment } from './settingsSamples.js';

const scratch = scratchDirectory('resolve');
const tree = plant(join(scratch, 'linux'), {
  Makefile: TOP_MAKEFILE,
  '.config': 'CONFIG_X86=y\n',
  'arch/x86/include/a.h': '',
  'arch/arm64/include/a.h': '',
});

function resolve(options: PackOptions, change: Partial<Environment> = {}): PackSettings {
  const settings = resolveSettings({ trees: [tree], ...options }, environment(change));
  assert.ok(settings.kind === 'pack');
  return settings;
}

/** The notices that resolving gives. */
function noticesOf(options: PackOptions, variables: Record<string, string>): string[] {
  const notices: string[] = [];
  resolve({ ...options, onNotice: notice => notices.push(notice) }, { variables });
  return notices;
}

const refused = (options: PackOptions, expected: object, change: Partial<Environment> = {}): void =>
  assert.throws(() => resolve(options, change), expected, JSON.stringify(options));

describe('the defaults', () => {
  it('are those of DESIGN.md', () => {
    const { content, execution } = resolve({}, { workingDirectory: '/place' });
    assert.deepEqual(content.selection, { profile: 'headers', symvers: false, listed: null, include: [], exclude: [] });
    assert.deepEqual(content.kernels, [{ name: '', srcarch: 'x86' }]);
    const { strip, order, dedup, mtime, blockSize, encoding } = content;
    assert.deepEqual(
      { strip, order, dedup, mtime, blockSize },
      {
        strip: 'comments',
        order: 'files-first',
        dedup: true,
        mtime: 0,
        blockSize: 32 * 2 ** 20,
      },
    );
    assert.deepEqual(encoding.codec, { name: 'radix', version: '2' });
    assert.equal(encoding.lzma2.dictionarySize, 32 * 2 ** 20);
    assert.equal(resolve({ codec: 'liblzma' }).content.blockSize, 4 * 2 ** 20);
    assert.equal(encoding.check, 'crc64');
    assert.equal(execution.jobs, 2);
    assert.deepEqual(execution.output, { kind: 'file', path: '/place/kheaders.tar.xz' });
    assert.deepEqual(execution.trees, [{ sourceTree: tree, objectTree: null }]);
  });

  it('have no more jobs than may be asked for, however many processors there are', () => {
    assert.equal(resolve({}, { parallelism: 768 }).execution.jobs, 512);
    assert.equal(resolve({ jobs: 512 }).execution.jobs, 512);
    assert.throws(() => resolve({ jobs: 513 }), { code: 'E_OPTION_VALUE' });
  });

  it('with --compat are those of gen_kheaders.sh', () => {
    const { strip, order, dedup } = resolve({ compat: true }).content;
    assert.deepEqual({ strip, order, dedup }, { strip: 'kernel', order: 'gnu', dedup: false });
  });
});

describe('the content settings', () => {
  const reference = resolve({}).content;
  const same: [string, PackOptions, Partial<Environment>][] = [
    ['jobs', { jobs: 7 }, {}],
    ['processors', {}, { parallelism: 64 }],
    ['the output', { output: '/elsewhere/x.tar.xz' }, {}],
    ['standard output', { output: '-' }, {}],
    ['a writable', { output: new Writable() }, {}],
    ['the working directory', { trees: ['linux'] }, { workingDirectory: dirname(tree) }],
    ['the kernel that runs', {}, { kernelRelease: '6.99', machine: 'aarch64' }],
    ['a terminal', {}, { isTerminal: true }],
    ['callbacks and a signal', { onProgress: () => {}, onNotice: () => {}, signal: AbortSignal.abort() }, {}],
    [
      'other variables',
      {},
      { variables: { TZ: 'Asia/Tokyo', LANG: 'de_DE', XZ_OPT: '-9', XZ_DEFAULTS: '-T0', USER: 'x' } },
    ],
  ];
  for (const [what, options, change] of same) {
    it(`do not depend on ${what}`, () => {
      assert.deepEqual(resolve(options, change).content, reference);
    });
  }

  it('are data alone: they survive JSON', () => {
    assert.deepEqual(JSON.parse(JSON.stringify(reference)), reference);
  });

  it('do not depend on jobs and output when a tar is compressed again', () => {
    const content = (options: PackOptions): Settings['content'] =>
      resolveSettings({ fromTar: 'a.tar', ...options }, environment({})).content;
    assert.deepEqual(content({ jobs: 9, output: '-' }), content({}));
  });
});

describe('the time stamp of all entries', () => {
  const BOTH = { KBUILD_BUILD_TIMESTAMP: '@20', SOURCE_DATE_EPOCH: '30' };
  const mtime = (options: PackOptions, variables: Record<string, string>): number =>
    resolve(options, { variables }).content.mtime;

  it('is --mtime, else KBUILD_BUILD_TIMESTAMP, else SOURCE_DATE_EPOCH, else 0', () => {
    assert.equal(mtime({ mtime: '@10' }, BOTH), 10);
    assert.equal(mtime({}, BOTH), 20);
    assert.equal(mtime({}, { SOURCE_DATE_EPOCH: '30' }), 30);
    assert.equal(mtime({}, {}), 0);
    assert.equal(mtime({ mtime: '@0' }, BOTH), 0);
  });

  it('passes over an empty variable, but not an empty --mtime', () => {
    assert.equal(mtime({}, { ...BOTH, KBUILD_BUILD_TIMESTAMP: '' }), 30);
    assert.equal(mtime({}, { KBUILD_BUILD_TIMESTAMP: '', SOURCE_DATE_EPOCH: '' }), 0);
    refused({ mtime: '' }, { code: 'E_TIMESTAMP' });
  });

  it('is refused by the name of what said it, and a lower one does not step in', () => {
    const variables = { KBUILD_BUILD_TIMESTAMP: 'now', SOURCE_DATE_EPOCH: '30' };
    refused({}, { code: 'E_TIMESTAMP', message: /"now" of KBUILD_BUILD_TIMESTAMP/ }, { variables });
    refused({}, { message: /of SOURCE_DATE_EPOCH/ }, { variables: { SOURCE_DATE_EPOCH: '@30' } });
    refused({ mtime: '30' }, { message: /"30" of --mtime/ });
  });

  it('is noted once when it names no time zone, and not otherwise', () => {
    const notes = noticesOf({}, { KBUILD_BUILD_TIMESTAMP: '2024-01-01 00:00' }).filter(text => text.includes('zone'));
    assert.deepEqual(notes, [
      'The time stamp "2024-01-01 00:00" of KBUILD_BUILD_TIMESTAMP names no time zone: taken as UTC',
    ]);
    assert.ok(!noticesOf({ mtime: '2024-01-01T00:00:00Z' }, {}).some(text => text.includes('zone')));
    assert.ok(!noticesOf({}, { SOURCE_DATE_EPOCH: '1' }).some(text => text.includes('zone')));
  });
});

describe('the trees chosen', () => {
  it('are named in a notice', () => {
    assert.deepEqual(noticesOf({}, {}), [`Packing ${tree} (profile headers, arch x86)`]);
  });

  it('are not named before every content option is understood', () => {
    for (const wrong of [{ strip: 'token' }, { order: 'by-name' }, { mtime: 'yesterday' }]) {
      const notices: string[] = [];
      assert.throws(() => resolve({ ...wrong, onNotice: notice => notices.push(notice) }));
      assert.deepEqual(notices, []);
    }
  });

  it('are said to lack generated headers where neither was configured, unless the files are listed', () => {
    const files = { Makefile: TOP_MAKEFILE, 'arch/x86/a': '', 'arch/arm64/a': '' };
    const source = plant(join(scratch, 'fresh'), { ...files, list: 'Makefile\n' });
    const said = (options: PackOptions): string[] =>
      noticesOf({ trees: [source], ...options }, {}).filter(text => !text.startsWith('Packing '));
    assert.deepEqual(said({ arch: 'x86' }), [
      `Not configured: "${source}" has no generated headers, so the archive will lack them ` +
        '(run make defconfig prepare there, or name its object tree with --objtree)',
    ]);
    const empty = plant(join(scratch, 'empty'), {});
    assert.match(
      said({ arch: 'x86', objtree: empty }).join(),
      /"[^"]*empty" has no generated headers, .* \(run make prepare in it, or name another with --objtree\)$/,
    );
    for (const mark of ['.config', 'include/config/auto.conf']) {
      const objtree = plant(join(scratch, `objects-${mark.length}`), { [mark]: '' });
      assert.deepEqual(said({ arch: 'x86', objtree }), []);
    }
    assert.deepEqual(said({ filesFrom: join(source, 'list') }), []);
  });

  it('are said to be of two kernels where they are', () => {
    const source = plant(join(scratch, 'of-one'), { Makefile: TOP_MAKEFILE, 'arch/x86/a': '' });
    const [major, minor] = ['VERSION', 'PATCHLEVEL'].map(
      name => new RegExp(`^${name} = (.*)$`, 'm').exec(TOP_MAKEFILE)?.[1],
    );
    const said = (release: string): string[] => {
      const objtree = plant(join(scratch, `of-${release}`), {
        '.config': '',
        'include/config/kernel.release': `${release}\n`,
      });
      return noticesOf({ trees: [source], arch: 'x86', objtree }, {}).filter(text => !text.startsWith('Packing '));
    };
    assert.deepEqual(said(`${major}.${minor}.0-53-amd64`), []);
    const [notice, ...others] = said(`${major}.${minor}7.1`);
    assert.deepEqual(others, []);
    assert.match(
      notice ?? '',
      /^Not of one kernel: object tree ".*" is of .*7\.1, source tree ".*of-one" of \d+\.\d+$/,
    );
  });

  it('have the architecture of --arch, else of .config, else of this machine', () => {
    const bare = plant(join(scratch, 'bare'), { Makefile: TOP_MAKEFILE, 'arch/x86/a': '', 'arch/arm64/a': '' });
    const machine = { machine: 'aarch64' };
    assert.equal(resolve({ arch: 'aarch64' }).content.kernels[0]?.srcarch, 'arm64');
    assert.equal(resolve({}, machine).content.kernels[0]?.srcarch, 'x86');
    assert.equal(resolve({ trees: [bare] }, machine).content.kernels[0]?.srcarch, 'arm64');
    assert.equal(resolve({ profile: 'all' }, { machine: 'none' }).content.kernels[0]?.srcarch, '');
    refused({ arch: 'vax' }, { code: 'E_ARCH' });
  });

  it('are an error when there are none', () => {
    assert.throws(() => resolveSettings({}, environment({})), { code: 'E_NO_TREE' });
    refused({ trees: [join(scratch, 'none')] }, { code: 'E_TREE' });
  });
});

describe('nonsense values', () => {
  const nonsense: PackOptions[] = [
    { jobs: '0' },
    { jobs: '-1' },
    { jobs: '1.5' },
    { jobs: 'many' },
    { jobs: '' },
    { jobs: 513 },
    { jobs: Number.NaN },
    { blockSize: '4095' },
    { blockSize: '1025MiB' },
    { blockSize: 'large' },
    { blockSize: '' },
    { blockSize: 4096.5 },
    { check: 'md5' },
    { check: '' },
    { strip: 'all' },
    { order: 'size' },
    { profile: 'everything' },
    { preset: '11' },
    { output: '' },
  ];
  for (const options of nonsense) {
    it(`are refused: ${JSON.stringify(options)}`, () => refused(options, { code: 'E_OPTION_VALUE' }));
  }

  it('are refused: a codec that is not known', () => refused({ codec: 'zstd' }, { code: 'E_CODEC' }));
  it('are refused: an archive to a terminal', () =>
    refused({ output: '-' }, { code: 'E_TERMINAL' }, { isTerminal: true }));
});
