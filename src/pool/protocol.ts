/**
 * The conversation between the main thread and a worker of the pool.
 *
 * The main thread sends a task; the worker does it in one synchronous go, holds nothing back from earlier tasks, and
 * answers with one reply. A task that fails is answered too, with the failure as data. Large bytes are transferred, so
 * after sending them a side no longer has them.
 */
import type { Failure } from '../errors.js';
import type { SharedBlock } from '../model/codec.js';
import type { ContentSource, Digested, PlannedBlock, PlannedEntry } from '../model/plan.js';
import type { EncodingSettings } from '../model/settings.js';
import type { TaskSpan } from '../model/trace.js';
import type { EncodedBlock } from '../xz/block.js';

export type Task = DigestTask | DigestBlockTask | EncodeTask | SharedTask | ConfirmTask;

/** Read, strip and digest each file. */
export interface DigestTask {
  readonly kind: 'digest';
  /** Whether the bytes on disk are digested as well: a manifest tells of them, the archive does not depend on them. */
  readonly withRaw: boolean;
  readonly files: readonly Pick<ContentSource, 'location' | 'strip'>[];
}

/** Make the tar bytes of one Block, and digest them. */
export interface DigestBlockTask {
  readonly kind: 'digestBlock';
  readonly input: BlockInput;
}

/** Make one Block: tar bytes, LZMA2, Check. */
export interface EncodeTask {
  readonly kind: 'encode';
  readonly input: BlockInput;
  readonly encoding: EncodingSettings;
}

/** A piece of work on a Block that lies in shared memory, among others that other workers do. */
export interface SharedTask {
  readonly kind: 'shared';
  readonly block: SharedBlock;
  readonly encoding: EncodingSettings;
  readonly work: SharedWork;
  /** The worker's in that memory while it works. */
  readonly place: number;
}

export type SharedWork =
  /** Write a part's tar bytes from `at` on. */
  | { readonly kind: 'fill'; readonly at: number; readonly part: EntriesInput }
  /** Do what is left of a step of the codec's preparation. */
  | { readonly kind: 'prepare'; readonly step: number }
  | { readonly kind: 'slice'; readonly index: number }
  | { readonly kind: 'check' };

/** Say whether a Block, made who knows where, is one of these bytes. */
export interface ConfirmTask {
  readonly kind: 'confirm';
  readonly input: BlockInput;
  readonly encoding: EncodingSettings;
  readonly block: EncodedBlock;
}

/** The Block's uncompressed bytes, or what they are made of. */
export type BlockInput = BytesInput | EntriesInput | { readonly kind: 'zeros'; readonly size: number };

/** In pieces as they came, each in a buffer of its own, so that each can be given back as soon as it lies where it belongs. */
export interface BytesInput {
  readonly kind: 'bytes';
  readonly pieces: readonly Uint8Array[];
  /** Bytes of all pieces. */
  readonly size: number;
}

/** `entries` are those of the Block alone, from `block.first` on. */
export interface EntriesInput {
  readonly kind: 'entries';
  readonly block: PlannedBlock;
  readonly entries: readonly PlannedEntry[];
  readonly mtime: number;
}

/** What each kind of task is answered with. */
export interface Answers {
  readonly digest: readonly Digested[];
  /** SHA-256 in hexadecimal. */
  readonly digestBlock: string;
  readonly encode: EncodedBlock;
  /** The Check's value, or a slice's LZMA2 chunks; otherwise no bytes. */
  readonly shared: Uint8Array;
  readonly confirm: boolean;
}

export type Reply<K extends keyof Answers> =
  | { readonly ok: true; readonly answer: Answers[K]; readonly seconds: WorkSeconds; readonly span: TaskSpan }
  | { readonly ok: false; readonly failure: Failure };

/** The steps that workers spend their time in. */
export const WORK_STEPS = ['read', 'strip', 'digest', 'tar', 'encode', 'decode', 'check'] as const;
export type WorkStep = (typeof WORK_STEPS)[number];

/** Seconds by step, summed over a task's files, or over all tasks and workers. */
export type WorkSeconds = Record<WorkStep, number>;

export function noWork(): WorkSeconds {
  return { read: 0, strip: 0, digest: 0, tar: 0, encode: 0, decode: 0, check: 0 };
}
