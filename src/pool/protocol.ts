/**
 * The conversation between the main thread and a worker.
 *
 * The main thread sends a task; the worker does it in one synchronous go, holds nothing back from earlier tasks, and
 * answers with one reply. A task that fails is answered too, with the failure as data. Large bytes are transferred, so
 * after sending them a side no longer has them.
 */
import type { Failure } from '../errors.js';
import type { ContentSource, Digested, PlannedBlock, PlannedEntry } from '../model/plan.js';
import type { EncodingSettings } from '../model/settings.js';
import type { EncodedBlock } from '../xz/block.js';

export type Task = DigestTask | EncodeTask | ConfirmTask;

/** Read, strip and digest each file. */
export interface DigestTask {
  readonly kind: 'digest';
  readonly files: readonly Pick<ContentSource, 'location' | 'strip'>[];
}

/** Make one Block: tar bytes, LZMA2, Check. */
export interface EncodeTask {
  readonly kind: 'encode';
  readonly input: BlockInput;
  readonly encoding: EncodingSettings;
}

/** Say whether a Block, made who knows where, is one of these bytes. */
export interface ConfirmTask {
  readonly kind: 'confirm';
  readonly input: BlockInput;
  readonly encoding: EncodingSettings;
  readonly block: EncodedBlock;
}

/** The Block's uncompressed bytes, or what they are made of. */
export type BlockInput =
  | { readonly kind: 'bytes'; readonly bytes: Uint8Array }
  /** `entries` are those of the Block alone, from `block.first` on. */
  | {
      readonly kind: 'entries';
      readonly block: PlannedBlock;
      readonly entries: readonly PlannedEntry[];
      readonly mtime: number;
    }
  | { readonly kind: 'zeros'; readonly size: number };

/** What each kind of task is answered with. */
export interface Answers {
  readonly digest: readonly Digested[];
  readonly encode: EncodedBlock;
  readonly confirm: boolean;
}

export type Reply<K extends keyof Answers> =
  | { readonly ok: true; readonly answer: Answers[K]; readonly seconds: WorkSeconds }
  | { readonly ok: false; readonly failure: Failure };

/** The steps that workers spend their time in. */
export const WORK_STEPS = ['read', 'strip', 'digest', 'tar', 'encode', 'check'] as const;
export type WorkStep = (typeof WORK_STEPS)[number];

/** Seconds by step, summed over a task's files, or over all tasks and workers. */
export type WorkSeconds = Record<WorkStep, number>;

export function noWork(): WorkSeconds {
  return { read: 0, strip: 0, digest: 0, tar: 0, encode: 0, check: 0 };
}
