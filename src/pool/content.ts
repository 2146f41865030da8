import { createHash } from 'node:crypto';
import { printable } from '../bytes/bytePath.js';
import { KheadersPackError } from '../errors.js';
import type { ContentSource, Digested } from '../model/plan.js';
import { stripperFor } from '../strip/strip.js';
import { readRegular } from '../tree/read.js';
import type { Stopwatch } from './stopwatch.js';
import type { Workspace } from './workspace.js';

interface StrippedContent {
  /** Lies in the workspace: the next read overwrites it. */
  readonly content: Uint8Array;
  readonly digested: Digested;
}

function sha256(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}

/** Reads the files of one task, one after the other, into the workspace's file room, where they are also stripped. */
export class ContentReader {
  readonly #workspace: Workspace;
  readonly #stopwatch: Stopwatch;

  constructor(workspace: Workspace, stopwatch: Stopwatch) {
    this.#workspace = workspace;
    this.#stopwatch = stopwatch;
  }

  /** Reads a file, strips it and takes the digest of what is left, and of what was read where `withRaw` asks for it. */
  read(source: Pick<ContentSource, 'location' | 'strip'>, withRaw: boolean): StrippedContent {
    const stopwatch = this.#stopwatch;
    const raw = stopwatch.time('read', () => readRegular(source.location, size => this.#workspace.fileRoom(size)));
    const rawSize = raw.length;
    // Before stripping, which overwrites what was read.
    const rawDigest = withRaw ? stopwatch.time('digest', () => sha256(raw)) : null;
    const content = stopwatch.time('strip', () => stripperFor(source.strip)(raw, raw));
    const digest = stopwatch.time('digest', () => sha256(content));
    return { content, digested: { rawSize, size: content.length, digest, rawDigest } };
  }

  /**
   * Reads a planned file again.
   *
   * @throws KheadersPackError `E_CHANGED` when its content is no longer the planned one
   */
  readPlanned(source: ContentSource, size: number): Uint8Array {
    const { content, digested } = this.read(source, false);
    if (digested.digest === source.digest && digested.size === size) return content;
    throw new KheadersPackError('E_CHANGED', { path: printable(source.location) });
  }
}
