import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { begin, layoutOf, open, reserve, STEPS } from '../../src/lzma/radixBlock.js';
import { xorshift } from '../bytes/xorshift.js';
import { deBruijn, fibonacci, periodic } from './awkward.js';
import { headerText, randomBytes } from './lzmaSamples.js';

/** What `assembly/` says of its table: lengths from 6 to 63, of a run's positions only the last 16 and the first. */
const LENGTH_FROM = 6;
const DEPTH = 63;
const RUN_TAIL = 16;
/** Lists of more positions than this are refined in another way. */
const RECORDS_MAX = 2 ** 18;
/** And where there are more than this, their positions lie in the table while they are sorted. */
const POSITIONS_MAX = 2 ** 21;

interface Match {
  readonly source: number;
  readonly length: number;
}

/** The matches of every position, each as the encoder packs them. */
interface Table {
  readonly longest: Uint32Array;
  readonly second: Uint32Array;
  /** 1: derived from a match that is as long as the table knows, or longer, so there may be a better one. */
  readonly isLongDerived: Uint8Array;
}

/** A match is its length times this, and its source; 0 is none. */
const SOURCES = 2 ** 26;
/** Stands for: as at the position before, one byte on and one byte less. */
const DERIVED = 2 ** 32 - 1;

/** As the encoder finds them. */
function tableOf(input: Buffer): Table {
  const memory = reserve(input.length, 1);
  const block = begin(memory, input.length);
  const opened = open(block, 0);
  opened.bytes.set(input);
  for (let step = 0; step < STEPS; step++) opened.prepare(step);
  const { matches } = layoutOf(memory, input.length);
  const packed = new Uint32Array(memory.memory.buffer, matches, 2 * input.length);
  const longest = new Uint32Array(input.length);
  const second = new Uint32Array(input.length);
  const isLongDerived = new Uint8Array(input.length);
  for (let position = 0; position < input.length; position++) {
    const [first = 0, nearer = 0] = packed.subarray(2 * position, 2 * position + 2);
    const own = nearer === DERIVED ? 0 : nearer;
    if (first !== DERIVED) {
      longest[position] = first;
      second[position] = own;
      continue;
    }
    assert.ok(position > 0, 'the first position has nothing to derive from');
    const before = longest[position - 1] ?? 0;
    const secondDerived = derived(second[position - 1] ?? 0);
    longest[position] = derived(before);
    second[position] = lengthOf(own) >= lengthOf(secondDerived) ? own : secondDerived;
    isLongDerived[position] = lengthOf(before) === DEPTH ? 1 : (isLongDerived[position - 1] ?? 0);
  }
  return { longest, second, isLongDerived };
}

function lengthOf(packed: number): number {
  return Math.floor(packed / SOURCES);
}

/** The same match one byte on, while it is long enough for one. */
function derived(packed: number): number {
  return lengthOf(packed) <= LENGTH_FROM ? 0 : packed - SOURCES + 1;
}

function matchesAt(table: Table, position: number): (Match | null)[] {
  return [table.longest, table.second].map(({ [position]: packed = 0 }) =>
    packed === 0 ? null : { source: packed % SOURCES, length: lengthOf(packed) },
  );
}

function isLeftOut(input: Buffer, position: number): boolean {
  const byte = input[position];
  if (position === 0 || input[position - 1] !== byte) return false;
  for (let i = 0; i <= RUN_TAIL; i++) if (input[position + i] !== byte) return false;
  return true;
}

/** By trying every earlier position, the nearest first; behind the input there are zeros. */
function bruteForce(input: Buffer, leftOut: readonly boolean[], position: number): (Match | null)[] {
  let longest: Match | null = null;
  let second: Match | null = null;
  for (let source = position - 1; source >= 0; source--) {
    if (leftOut[source]) continue;
    let length = 0;
    while (length < DEPTH && (input[position + length] ?? 0) === (input[source + length] ?? 0)) length++;
    if (length < LENGTH_FROM || length <= (longest?.length ?? 0)) continue;
    second = longest;
    longest = { source, length };
    if (length === DEPTH) break;
  }
  return [longest, second];
}

function requireReal(input: Buffer, table: Table, position: number): void {
  for (const packed of [table.longest[position] ?? 0, table.second[position] ?? 0]) {
    if (packed !== 0 && !isReal(input, position, packed % SOURCES, lengthOf(packed)))
      assert.fail(`position ${position}: ${JSON.stringify(matchesAt(table, position))}`);
  }
}

/** That every match is one, and that none is lost that the position before tells of; for inputs without long runs. */
function requireSound(input: Buffer, table: Table): void {
  let least = 0;
  for (let position = 0; position < input.length; position++) {
    const length = lengthOf(table.longest[position] ?? 0);
    if (length < least) assert.fail(`position ${position}: its match is shorter than ${least}`);
    requireReal(input, table, position);
    least = length > LENGTH_FROM ? length - 1 : 0;
  }
}

function isReal(input: Buffer, position: number, source: number, length: number): boolean {
  if (source >= position) return false;
  for (let i = 0; i < length; i++) if ((input[source + i] ?? 0) !== (input[position + i] ?? 0)) return false;
  return length >= LENGTH_FROM;
}

function requireExact(input: Buffer, positions: readonly number[], table = tableOf(input)): void {
  const leftOut = Array.from(input, (_, i) => isLeftOut(input, i));
  for (const position of positions) {
    if (table.isLongDerived[position] === 1 || leftOut[position]) requireReal(input, table, position);
    else assert.deepEqual(matchesAt(table, position), bruteForce(input, leftOut, position), `position ${position}`);
  }
}

/** Of large inputs. */
function requireExactHereAndThere(input: Buffer, next: () => number): void {
  const table = tableOf(input);
  requireSound(input, table);
  const positions = Array.from({ length: 150 }, () => next() % input.length);
  requireExact(input, positions, table);
}

const everyPosition = (input: Buffer): number[] => Array.from(input, (_, i) => i);

const INPUTS: readonly [string, Buffer][] = [
  ['text', headerText(6000, 1)],
  ['two kinds of text', Buffer.concat([headerText(3000, 2), headerText(1000, 3), headerText(3000, 2)])],
  ['random bytes', randomBytes(5000, 4)],
  ['random bits', randomBytes(4000, 5).map(byte => byte & 1) as Buffer],
  ['runs of all lengths', Buffer.concat(Array.from({ length: 90 }, (_, i) => Buffer.alloc(i, i % 3)))],
  ['zeros at the end', Buffer.concat([headerText(1000, 6), Buffer.alloc(100)])],
  ['a Fibonacci string', fibonacci(3000)],
  ['a de Bruijn sequence', deBruijn(2, 12)],
  ['a period of seven', periodic(3000, 7, 7)],
];

describe('the match table', () => {
  for (const [title, input] of INPUTS) {
    it(`has the longest match, and the longest that is nearer, of every position of ${title}`, () => {
      requireExact(input, everyPosition(input));
    });
  }

  it('is made over half of the room for lists, and what its largest unit has more', () => {
    const input = headerText(2 ** 20, 10);
    const memory = reserve(input.length, 1);
    const opened = open(begin(memory, input.length), 0);
    opened.bytes.set(input);
    for (let step = 0; step < STEPS; step++) opened.prepare(step);
    const { lists } = layoutOf(memory, input.length);
    const positions = new Uint32Array(memory.memory.buffer, lists, input.length);
    const used = positions.findLastIndex(position => position !== 0) + 1;
    assert.ok(used > 0.4 * input.length && used < 0.6 * input.length, `${used} of ${input.length}`);
  });

  it('has them of copies, edits and noise', () => {
    const next = xorshift(8);
    for (let round = 0; round < 12; round++) {
      const pieces = [headerText(200, next())];
      while (pieces.length < 12) {
        const whole = Buffer.concat(pieces);
        const from = next() % whole.length;
        pieces.push(whole.subarray(from, from + (next() % 300)), randomBytes(next() % 4, next()));
      }
      const input = Buffer.concat(pieces);
      requireExact(input, everyPosition(input));
    }
  });

  it('has them where a list of positions without their bytes is too large for scratch', () => {
    const next = xorshift(11);
    const input = Buffer.from(Array.from({ length: 9 * RECORDS_MAX }, () => (next() % 64 === 0 ? 'c' : 'ab')).join(''));
    let alike = 0;
    for (let at = input.indexOf('ababab'); at !== -1; at = input.indexOf('ababab', at + 1)) alike++;
    assert.ok(alike > POSITIONS_MAX, `${alike} positions`);
    requireExactHereAndThere(input, next);
  });

  it('has them where a list is too large for scratch', () => {
    const next = xorshift(9);
    const words = ['#define A 1\n', '#define B 2\n', '#define AB 12\n', '#define ', '\t/* */\n'];
    const text = Array.from({ length: 2.25 * RECORDS_MAX }, () => words[next() % 4] ?? '').join('');
    const input = Buffer.from(text);
    assert.ok(text.split('#define').length > 2 * RECORDS_MAX);
    requireExactHereAndThere(input, next);
  });
});
