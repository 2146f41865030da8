import { createHash } from 'node:crypto';
import { printable } from '../bytes/bytePath.js';
import { KheadersPackError } from '../errors.js';
import type { ContentSource, Digested } from '../model/plan.js';
import { stripperFor } from '../strip/strip.js';
import { readRegular } from '../tree/read.js';
import type { Stopwatch } from './stopwatch.js';

interface StrippedContent {
  readonly content: Uint8Array;
  readonly digested: Digested;
}

/** Reads a file, strips it and takes the digest of what is left. */
export function readContent(source: Pick<ContentSource, 'location' | 'strip'>, stopwatch: Stopwatch): StrippedContent {
  const raw = stopwatch.time('read', () => readRegular(source.location));
  const content = stopwatch.time('strip', () => stripperFor(source.strip)(raw));
  const digest = stopwatch.time('digest', () => createHash('sha256').update(content).digest('hex'));
  return { content, digested: { rawSize: raw.length, size: content.length, digest } };
}

/**
 * Reads a planned file again.
 *
 * @throws KheadersPackError `E_CHANGED` when its content is no longer the planned one
 */
export function readPlannedContent(source: ContentSource, size: number, stopwatch: Stopwatch): Uint8Array {
  const { content, digested } = readContent(source, stopwatch);
  if (digested.digest === source.digest && digested.size === size) return content;
  throw new KheadersPackError('E_CHANGED', { path: printable(source.location) });
}
