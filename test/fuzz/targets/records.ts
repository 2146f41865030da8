import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fromLatin1 } from '../../../src/bytes/bytePath.js';
import { encodeEntry, entrySizeMax, openEntry, type Seal } from '../../../src/cache/entry.js';
import { decodeActionResult, encodeActionResult } from '../../../src/cache/remote/actionResult.js';
import { findChange, isSurelyUnchanged } from '../../../src/kbuild/change.js';
import { newState, readState, recordedFiles, type State, writeState } from '../../../src/kbuild/state.js';
import { fileStore } from '../../../src/measure/store.js';
import { TarFault } from '../../../src/tar/fault.js';
import { paxNumber, paxTime, readPaxRecords } from '../../../src/tar/paxRecords.js';
import { isRead, lineStart, PLAIN, type Target } from '../target.js';

/** What the program kept or was sent, and has to take as it comes. */
const directory = mkdtempSync(join(tmpdir(), 'kheaders-pack-fuzz-'));
process.on('exit', () => rmSync(directory, { recursive: true, force: true }));

function fileOf(name: string, bytes: Buffer): string {
  const path = join(directory, name);
  writeFileSync(path, bytes);
  return path;
}

const texts = (...all: readonly string[]): Buffer[] => all.map(text => Buffer.from(text, 'latin1'));

export const pax: Target = {
  ...PLAIN,
  seeds: texts('12 path=abc\n', '6 a=\n20 mtime=1700000000.9\n', '11 size=12\n30 GNU.sparse.name=a/long/name\n'),
  dictionary: texts('9 ', '99 ', '=', '\n', 'mtime=-1.', 'size=', '\0', '0'),
  align: lineStart,
  sizeMax: 2 ** 12,
  /** Records fill the header, each as long as it says; numbers are safe integers. */
  check: input => {
    try {
      const records = readPaxRecords(input, 512);
      let size = 0;
      for (const [keyword, value] of records) {
        assert.ok(keyword !== '' && !keyword.includes('='));
        size += keyword.length + value.length + 2;
        if (/^(size|uid|gid)$/.test(keyword)) assert.ok(Number.isSafeInteger(paxNumber(keyword, value, 0)));
        if (keyword === 'mtime') assert.ok(Number.isSafeInteger(Math.floor(paxTime(keyword, value, 0))));
      }
      assert.ok(size <= input.length);
      return true;
    } catch (error) {
      if (!(error instanceof TarFault)) throw error;
      assert.ok(error.offset <= 512 + input.length);
      return false;
    }
  },
};

const HASH = createHash('sha256').update('x').digest('hex');

export const actionResult: Target = {
  ...PLAIN,
  seeds: [
    encodeActionResult({ hash: HASH, size: 2_000_000 }),
    Buffer.concat([
      Buffer.from([0x08, 0x01]),
      encodeActionResult({ hash: HASH, size: 0 }),
      Buffer.from([0x1d, 1, 2, 3, 4]),
    ]),
  ],
  dictionary: [
    [0x12],
    [0x0a, 0x40],
    [0x10, 0x80, 0x80, 0x01],
    [0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x0f],
    [0x09],
  ].map(bytes => Buffer.from(bytes)),
  sizeMax: 2 ** 10,
  /** A blob that is read is one that can be written. */
  check: input => {
    const digest = decodeActionResult(input);
    if (digest === null) return false;
    assert.ok(Number.isSafeInteger(digest.size) && digest.size >= 0);
    assert.deepEqual(decodeActionResult(encodeActionResult(digest)), digest);
    return true;
  },
};

const KEY = HASH;
const OPEN: Seal = { kind: 'open' };
const SECRET: Seal = { kind: 'secret', secret: 'a secret' };
const block = { bytes: Buffer.from('a Block of some bytes!!!'), unpaddedSize: 23, uncompressedSize: 40 };
const entry = encodeEntry(KEY, block, OPEN);

export const cacheEntry: Target = {
  ...PLAIN,
  seeds: [entry, encodeEntry(KEY, block, SECRET), encodeEntry(KEY, { ...block, unpaddedSize: 24 }, OPEN)],
  dictionary: [entry.subarray(0, 8), Buffer.alloc(8, 0xff), Buffer.alloc(32)],
  sizeMax: 2 ** 10,
  mend: (input, random) => {
    if (input.length < 120 || random.once(4)) return input;
    const mended = Buffer.from(input);
    mended.set(createHash('sha256').update(input.subarray(120)).digest(), 56);
    return mended;
  },
  /** Without the secret nothing passes but what was sealed; an unsealed entry is as long as it says. */
  check: input => {
    const sealed = openEntry(input, KEY, SECRET);
    assert.ok(sealed.kind === 'bad' || input.equals(encodeEntry(KEY, block, SECRET)));
    const opened = openEntry(input, KEY, OPEN);
    if (opened.kind === 'bad') return false;
    const { bytes, unpaddedSize, uncompressedSize } = opened.block;
    assert.equal(bytes.length, Math.ceil(unpaddedSize / 4) * 4);
    assert.ok(uncompressedSize >= 0 && entrySizeMax(uncompressedSize) > 0);
    return true;
  },
};

const STAMP = '5 1700000000000000000 1700000000000000000 1 2';
const target = { stamp: STAMP, digest: HASH };
const state: State = newState(
  { settings: '{}', taken: 1, target },
  new Map([[fromLatin1('./a.h'), { stamp: STAMP, fingerprint: 'f' }]]),
);
const statePath = join(directory, 'kheaders.md5');
writeState(statePath, state);
const stateBytes = Buffer.from(`${JSON.stringify(state.summary)}\n${state.list}\0${state.fingerprints}`, 'latin1');

export const kbuildState: Target = {
  ...PLAIN,
  seeds: [stateBytes, Buffer.from('d41d8cd98f00b204e9800998ecf8427e  -\n'), Buffer.alloc(0)],
  dictionary: texts(
    '\0',
    '\0\0',
    '\n',
    'null',
    '{}',
    '"target":',
    '"taken":-1',
    `${STAMP} ./b.h\0`,
    '"lastChange":"x"',
    ',"settings":1',
  ),
  sizeMax: 2 ** 12,
  /** Whatever stands there is a state or none, and never in the way of a build. */
  check: async input => {
    const read = readState(fileOf('state', input));
    const present = { settings: '{}', target: join(directory, 'target') };
    const change = await findChange(read, present, new Map(), () => 'f');
    assert.ok(change.isChanged);
    if (read === null) return false;
    assert.equal(isSurelyUnchanged(read, present, read.list), false);
    for (const { stamp, fingerprint } of recordedFiles(read).values()) {
      assert.ok(typeof stamp === 'string' && typeof fingerprint === 'string');
    }
    return true;
  },
};

const identity = { schema: 'kheaders-pack/bench-runs/1', version: '1', tarDigest: HASH, jobs: 2 } as const;

const RUN = {
  seconds: 1,
  cpuSeconds: 1,
  peakMemory: 1,
  bytes: 1,
  tarBytes: 1,
  digest: '',
  decodeSeconds: null,
  stages: { walk: 1 },
};

export const benchRuns: Target = {
  ...PLAIN,
  seeds: texts(
    `${JSON.stringify(identity)}\n`,
    `${JSON.stringify(identity)}\n${JSON.stringify({ name: 'a', run: RUN })}\n{"name"`,
    '',
  ),
  dictionary: texts('\n', '{}\n', 'null\n', '"x"\n', '{"name":1}\n', '{"name":"b","run":null}\n'),
  align: lineStart,
  sizeMax: 2 ** 11,
  check: input =>
    isRead(['E_RUNS'], () => {
      for (const { seconds } of fileStore(fileOf('runs', input), identity).runsOf('a'))
        assert.ok(Number.isFinite(seconds));
    }),
};
