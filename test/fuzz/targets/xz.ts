import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { withArchive } from '../../../src/archive/reading/open.js';
import { type ErrorCode, KheadersPackError } from '../../../src/errors.js';
import { liblzma } from '../../../src/lzma/liblzma.js';
import { presetOptions } from '../../../src/lzma/presets.js';
import type { ReadingSettings } from '../../../src/model/reading.js';
import { CHECKS, type CheckName } from '../../../src/xz/check.js';
import { fromPipe, settingsFor } from '../../archive/reading/reader.js';
import { headerText } from '../../lzma/lzmaSamples.js';
import { unless } from '../../support/tools.js';
import { blockHeader, LZMA2_FLAGS, storedBlock, stream, vli } from '../../xz/buildXz.js';
import { mendXz } from '../mendXz.js';
import type { Comparison, Disagreement, Target } from '../target.js';

const MIB = 2 ** 20;

/** What reading an archive may take, in bytes. */
interface Limits {
  readonly memoryLimit: number;
  /** What is read of its contents: a few bytes may decode to gigabytes. */
  readonly readMax: number;
}

const REFUSALS: readonly ErrorCode[] = ['E_BAD_XZ', 'E_UNSUPPORTED_XZ', 'E_MEMORY_LIMIT'];
/** Valid archives that we do not support (`src/xz/filterChain.ts`, `src/archive/reading/scanContainer.ts`). */
const UNSUPPORTED_BY_US = /^start offset|^filter 0x0[ab]$|over 2\^53/;

/** What an archive comes to: a digest of its contents, or the code and the reason of a refusal. */
type Verdict =
  | { readonly kind: 'good'; readonly digest: string }
  | { readonly kind: 'longer'; readonly digest: string }
  | { readonly kind: 'refused'; readonly code: ErrorCode; readonly reason: string };

async function verdictOf(settings: ReadingSettings, size: number, readMax: number): Promise<Verdict> {
  const hash = createHash('sha256');
  let left = readMax;
  try {
    await withArchive(settings, async archive => {
      for await (const piece of archive.read()) {
        hash.update(piece.subarray(0, left));
        left -= Math.min(left, piece.length);
        if (left === 0) break;
      }
    });
    const digest = hash.digest('hex');
    return left === 0 ? { kind: 'longer', digest } : { kind: 'good', digest };
  } catch (error) {
    if (!(error instanceof KheadersPackError) || !REFUSALS.includes(error.code)) throw error;
    const { reason = '', offset = 0 } = error.facts as { reason?: string; offset?: number };
    assert.ok(offset >= 0 && offset <= size, `the fault is at byte ${offset} of ${size}: ${reason}`);
    return { kind: 'refused', code: error.code, reason };
  }
}

function fromMemory(input: Buffer, { memoryLimit, readMax }: Limits): Promise<Verdict> {
  const source = { kind: 'bytes', bytes: input, name: 'fuzz.xz' } as const;
  return verdictOf(settingsFor(source, { memoryLimit }), input.length, readMax);
}

/** Reads it as a file and as a pipe, which have to agree on contents; of several faults each may meet another first. */
async function check(input: Buffer, limits: Limits): Promise<boolean> {
  const { memoryLimit, readMax } = limits;
  const file = await fromMemory(input, limits);
  const pieces = fromPipe(input, { memoryLimit }, 1 + (input.length % 700));
  const pipe = await verdictOf(pieces, input.length, readMax);
  if (file.kind !== 'refused' && pipe.kind !== 'refused') assert.deepEqual(pipe, file);
  else if (pipe.kind !== file.kind) assertLimited([file, pipe]);
  return file.kind === 'good';
}

/**
 * One way of reading may go further than the other: a pipe's contents come before a fault at the end is seen, and a
 * Block's size is not known there before it was read, so its dictionary counts whole.
 */
function assertLimited(verdicts: readonly Verdict[]): void {
  const isExplained = verdicts.some(
    each => each.kind === 'longer' || ('code' in each && each.code === 'E_MEMORY_LIMIT'),
  );
  assert.ok(isExplained, `a file and a pipe disagree: ${JSON.stringify(verdicts)}`);
}

const noXz = unless('xz');

/** Asks xz about each: good archives have the contents that it finds, bad ones it refuses too. */
function compare(inputs: readonly Buffer[], limits: Limits): Promise<Comparison> {
  return noXz === false ? compareWithXz(inputs, limits) : Promise.resolve({ compared: 0, disagreements: [] });
}

async function compareWithXz(inputs: readonly Buffer[], limits: Limits): Promise<Comparison> {
  const disagreements: Disagreement[] = [];
  for (const input of inputs) {
    const ours = await fromMemory(input, limits);
    const theirs = spawnSync('xz', ['-dcqQ'], { input, maxBuffer: limits.readMax });
    const isGood = theirs.status === 0;
    const reason = difference(ours, isGood ? createHash('sha256').update(theirs.stdout).digest('hex') : null);
    // xz is stopped where it writes more than is read here.
    if (reason !== null && theirs.signal === null) disagreements.push({ input, reason });
  }
  return { compared: inputs.length, disagreements };
}

/** @param theirs the digest of what xz decodes, or null where it refuses */
function difference(ours: Verdict, theirs: string | null): string | null {
  if (ours.kind === 'longer') return null;
  if (ours.kind === 'good')
    return ours.digest === theirs ? null : `read, and xz ${theirs === null ? 'refuses it' : 'finds other contents'}`;
  if (theirs === null || ours.code === 'E_MEMORY_LIMIT') return null;
  if (ours.code === 'E_UNSUPPORTED_XZ' && UNSUPPORTED_BY_US.test(ours.reason)) return null;
  return `refused, and xz reads it: ${ours.code} ${ours.reason}`;
}

const TEXT = headerText(3000, 5);

function checkOf(name: CheckName, content: Uint8Array): Uint8Array {
  return CHECKS[name].compute(content);
}

/** A Block of LZMA chunks, with both sizes in its Block Header. */
function lzmaBlock(content: Buffer, name: CheckName, before: readonly Buffer[] = []) {
  const data = Buffer.concat(liblzma.encode(content, { ...presetOptions(1, false), dictionarySize: 4096 }));
  const flags = 0xc0 | before.length;
  const header = blockHeader(flags, [vli(data.length), vli(content.length), ...before, LZMA2_FLAGS]);
  return { header, data, check: checkOf(name, content), content };
}

function storedStream(name: CheckName, ...contents: readonly Buffer[]): Buffer {
  return stream(
    CHECKS[name].id,
    contents.map(content => storedBlock(content, checkOf(name, content))),
  );
}

const some = TEXT.subarray(0, 40);
const filters = [
  Buffer.from([0x03, 1, 4]),
  ...[0x04, 0x05, 0x06, 0x07, 0x08, 0x09].map(id => Buffer.from([id, 0])),
  Buffer.from([0x04, 4, 0, 0, 0, 0]),
];

function target(seeds: readonly Buffer[], sizeMax: number, limits: Limits): Target {
  return {
    seeds,
    dictionary: [
      Buffer.from('\xfd7zXZ\0', 'latin1'),
      Buffer.from('YZ'),
      LZMA2_FLAGS,
      ...filters,
      ...[[0x00], [0x01, 0, 3], [0x02, 0, 3], [0xe0], [0xc0], [0xa0], [0x80, 0, 9]].map(chunk => Buffer.from(chunk)),
      ...[127, 128, 2 ** 32, 2n ** 53n, 2n ** 62n, 2n ** 63n - 1n].map(vli),
      Buffer.alloc(4),
      ...(Object.keys(CHECKS) as CheckName[]).map(name => storedStream(name, some)),
    ],
    align: (_, at) => at - (at % 4),
    sizeMax,
    sampled: 150,
    mend: mendXz,
    check: input => check(input, limits),
    compare: inputs => compare(inputs, limits),
  };
}

export const xz = target(
  [
    ...(Object.keys(CHECKS) as CheckName[]).map(name => storedStream(name, some, some.subarray(7))),
    storedStream('crc32'),
    Buffer.concat([
      storedStream('none', some),
      Buffer.alloc(8),
      storedStream('crc64'),
      storedStream('crc32', some),
      Buffer.alloc(4),
    ]),
    stream(1, [lzmaBlock(TEXT, 'crc32'), lzmaBlock(TEXT.subarray(9, 900), 'crc32')]),
    // A Check of none lets changed LZMA data through, whatever they decode to then.
    stream(0, [lzmaBlock(TEXT.subarray(0, 700), 'none')]),
    stream(0, [lzmaBlock(Buffer.alloc(70_000, 'ab'), 'none')]),
    ...filters.map(each => stream(0, [lzmaBlock(TEXT.subarray(0, 300), 'none', [each])])),
    stream(0, [lzmaBlock(TEXT.subarray(0, 300), 'none', filters.slice(0, 3))]),
  ],
  2 ** 14,
  { memoryLimit: 16 * MIB, readMax: 4 * MIB },
);

/** Content that decodes fast, and cannot be held as a whole within the limit. */
const large = Buffer.alloc(9 * MIB, TEXT.subarray(0, 64));

/** Blocks that are decoded in steps. */
export const xzSteps = target(
  [stream(1, [lzmaBlock(large, 'crc32')]), stream(0, [lzmaBlock(large, 'none', filters.slice(0, 1))])],
  2 ** 13,
  { memoryLimit: 17 * MIB, readMax: 12 * MIB },
);
