import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { lstatSync, mkdirSync, mkdtempSync, readdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { type ExtractOptions, extract, KheadersPackError } from 'kheaders-pack';
import { snapshot } from './snapshot.js';
import { type RawEntry, tarOfParts } from './tarBuilder.js';

/** A directory to extract into, and what is around it, which nothing may touch. */
export interface Place {
  readonly root: string;
  readonly target: string;
  /** A directory and a file beside the target. */
  readonly outside: string;
  readonly secret: string;
  /** What is around the target, in words: kinds, contents, modes, times, inode numbers and numbers of links. */
  readonly surroundings: () => unknown;
}

export function newPlace(work: string): Place {
  const root = mkdtempSync(join(work, 'place-'));
  const [target, outside, secret] = ['target', 'outside', 'secret'].map(name => join(root, name)) as [
    string,
    string,
    string,
  ];
  mkdirSync(target);
  mkdirSync(outside);
  writeFileSync(join(outside, 'file'), 'outside');
  writeFileSync(secret, 'secret');
  symlinkSync('secret', join(root, 'pointer'));
  const surroundings = (): unknown => {
    const all = Object.entries(snapshot(root, { times: true })).filter(([path]) => path.split('/')[0] !== 'target');
    const identities = [outside, join(outside, 'file'), secret].map(path => {
      const { ino, nlink } = lstatSync(path);
      return { ino, nlink };
    });
    return { all, identities, names: readdirSync(root).sort() };
  };
  return { root, target, outside, secret, surroundings };
}

/** Bytes as .xz. */
export function xz(bytes: Buffer, ...options: readonly string[]): Buffer {
  const { status, stdout } = spawnSync('xz', ['-0', '-c', ...options], { input: bytes, maxBuffer: 2 ** 30 });
  assert.equal(status, 0);
  return stdout;
}

export type Parts = readonly (RawEntry | Buffer)[];

/** Extracts a tar of these parts from a readable. Gives the error that refused it, or null. */
export async function extractParts(
  place: Place,
  parts: Parts,
  options: Partial<ExtractOptions> = {},
): Promise<KheadersPackError | null> {
  return extractBytes(place, xz(tarOfParts(...parts)), options);
}

export async function extractBytes(
  place: Place,
  archive: Buffer,
  options: Partial<ExtractOptions> = {},
): Promise<KheadersPackError | null> {
  try {
    await extract({ archive: Readable.from([archive]), directory: place.target, jobs: 1, ...options });
    return null;
  } catch (error) {
    if (error instanceof KheadersPackError) return error;
    throw error;
  }
}
