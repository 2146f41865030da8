import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import {
  lstatSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, it } from 'node:test';
import { generateTree } from '../../corpus/synthetic.js';

const scratch = mkdtempSync(join(tmpdir(), 'kheaders-pack-synthetic-'));
after(() => rmSync(scratch, { recursive: true }));

/** Everything under a tree but directories, sorted by path. */
function entries(root: string): string[] {
  return readdirSync(root, { recursive: true, encoding: 'utf8' })
    .filter(path => !lstatSync(join(root, path)).isDirectory())
    .sort();
}

const isLink = (root: string, path: string): boolean => lstatSync(join(root, path)).isSymbolicLink();
const headersOf = (root: string): string[] => entries(root).filter(path => path.endsWith('.h') && !isLink(root, path));

/** Paths, bytes, link targets and execute bits: what the options decide. */
function digestOf(root: string): string {
  const hash = createHash('sha256');
  for (const path of entries(root)) {
    const full = join(root, path);
    hash.update(`${path}\0${lstatSync(full).mode & 0o100}\0`);
    hash.update(isLink(root, path) ? readlinkSync(full) : readFileSync(full)).update('\0');
  }
  return hash.digest('hex');
}

describe('a synthetic tree', () => {
  const root = join(scratch, 'a');
  const made = generateTree(root, { headers: 1000, seed: 7 });

  it('is the same for the same seed', () => {
    const again = join(scratch, 'again');
    generateTree(again, { headers: 1000, seed: 7 });
    assert.equal(digestOf(again), digestOf(root));
  });

  it('is another for another seed', () => {
    const other = join(scratch, 'other');
    generateTree(other, { headers: 1000, seed: 8 });
    assert.notEqual(digestOf(other), digestOf(root));
  });

  it('has the headers and bytes that it says', () => {
    const headers = headersOf(root);
    assert.equal(headers.length, 1000);
    assert.equal(made.headers, 1000);
    assert.equal(
      made.bytes,
      headers.reduce((sum, path) => sum + statSync(join(root, path)).size, 0),
    );
  });

  it('has exactly the number of headers asked for, however few', () => {
    for (const count of [0, 1, 5, 40]) {
      const few = join(scratch, `few-${count}`);
      generateTree(few, { headers: count, seed: 1 });
      assert.equal(headersOf(few).length, count);
    }
  });

  it('has three symbolic links to headers and one that dangles', () => {
    const links = entries(root).filter(path => isLink(root, path));
    const dangling = links.filter(path => statSync(join(root, path), { throwIfNoEntry: false }) === undefined);
    assert.equal(links.length, made.links);
    assert.deepEqual([links.length, dangling.length], [4, 1]);
    assert.ok(links.every(path => path.endsWith('.h') && !readlinkSync(join(root, path)).startsWith('/')));
  });

  it('has an enormous header among the drivers, a large one under include, and an empty one', () => {
    const largest = (top: string): number =>
      Math.max(
        ...headersOf(root)
          .filter(path => path.startsWith(top))
          .map(path => statSync(join(root, path)).size),
      );
    assert.ok(largest('drivers/') > 4 * 2 ** 20);
    assert.ok(largest('include/') > 2 ** 20);
    assert.ok(headersOf(root).some(path => statSync(join(root, path)).size === 0));
  });

  it('has member names of 100, 101 and many more bytes', () => {
    const lengths = new Set(headersOf(root).map(path => `./${path}`.length));
    assert.ok([99, 100, 101].every(length => lengths.has(length)));
    assert.ok(Math.max(...lengths) > 110);
  });

  it('has generated wrappers with equal bytes, and files that are no headers', () => {
    const wrappers = headersOf(root).filter(path => path.includes('include/generated/asm/'));
    const contents = new Set(wrappers.map(path => readFileSync(join(root, path), 'utf8')));
    assert.ok(contents.size < wrappers.length);
    assert.ok(entries(root).some(path => path.endsWith('.c')));
    assert.match(readFileSync(join(root, 'Makefile'), 'utf8'), /^VERSION = \d+\nPATCHLEVEL = \d+\nSUBLEVEL = \d+$/m);
  });

  it('is never made over something else', () => {
    const taken = join(scratch, 'taken');
    generateTree(taken, { headers: 0, seed: 1 });
    writeFileSync(join(taken, 'mine'), 'kept');
    assert.throws(() => generateTree(taken, { headers: 1, seed: 1 }), /not empty/);
    assert.throws(() => generateTree(join(scratch, 'half'), { headers: 1.5, seed: 1 }), RangeError);
  });
});
