import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fromLatin1 } from '../../src/bytes/bytePath.js';
import { xorshift } from '../bytes/xorshift.js';
import { kernelLike, type SizedEntry, sizeIn, split } from './planSamples.js';

const EDITS = 300;
const MIB = 2 ** 20;

/** What a Block holds, by names and sizes: Blocks that agree in this have the same uncompressed layout. */
function identities(entries: readonly SizedEntry[], blockSize: number): string[] {
  return split(entries, blockSize).map(block => {
    const held = entries.slice(block.first, block.end).map(entry => `${entry.name}:${entry.size}`);
    return `${block.skip} ${block.size} ${held.join(' ')}`;
  });
}

type Edit = (entries: SizedEntry[], at: number, next: () => number) => void;

const KINDS: readonly Edit[] = [
  (entries, at, next) => {
    const near = entries[at]?.name ?? '';
    entries.splice(at + 1, 0, { name: fromLatin1(`${near}.${next().toString(36)}.h`), size: sizeIn(next) });
  },
  (entries, at, next) => {
    const old = entries[at];
    if (old !== undefined) entries[at] = { ...old, size: old.size + 512 * (1 + (next() % 20)) };
  },
  (entries, at) => void entries.splice(at, 1),
];

for (const blockSize of [MIB, 2 * MIB, 4 * MIB]) {
  test(`one edit moves at most two Blocks of ${blockSize / MIB} MiB in 95 % of cases, and never more than four`, () => {
    const base = kernelLike(6000, 42);
    const before = new Set(identities(base, blockSize));
    const next = xorshift(blockSize + 7);
    const moved: number[] = [];
    for (let i = 0; i < EDITS; i++) {
      const edited = [...base];
      KINDS[i % KINDS.length]?.(edited, next() % edited.length, next);
      moved.push(identities(edited, blockSize).filter(identity => !before.has(identity)).length);
    }
    const counts = [0, 1, 2, 3, 4].map(count => moved.filter(one => one === count).length);
    const within = moved.filter(count => count <= 2).length;
    assert.ok(within >= EDITS * 0.95, `${within} of ${EDITS} edits moved at most two Blocks (${counts})`);
    assert.ok(Math.max(...moved) <= 4, `one edit moved ${Math.max(...moved)} Blocks (${counts})`);
    // The measure itself works: an edit cannot go unseen.
    assert.ok(moved.filter(count => count === 0).length < EDITS * 0.05);
  });
}
