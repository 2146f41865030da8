import { createHash } from 'node:crypto';
import { parentPort } from 'node:worker_threads';
import { move, transferableSymbol, valueSymbol } from 'piscina';
import { toFailure } from '../errors.js';
import { codecNamed } from '../lzma/codec.js';
import { assembleBlock, type EncodedBlock } from '../xz/block.js';
import { CHECKS } from '../xz/check.js';
import { blockBytes } from './blockBytes.js';
import { isBlockOf } from './confirmBlock.js';
import { ContentReader } from './content.js';
import type { Answers, ConfirmTask, DigestBlockTask, DigestTask, EncodeTask, Reply, Task } from './protocol.js';
import { workOnShared } from './sharedTask.js';
import { Stopwatch } from './stopwatch.js';
import { Workspace } from './workspace.js';

const workspace = new Workspace();

/** What each thread of the pool runs. piscina calls the function named `runTask`. */
export function runTask(task: Task): unknown {
  const stopwatch = new Stopwatch();
  try {
    return answer(task, stopwatch);
  } catch (error) {
    return { ok: false, failure: toFailure(error) };
  }
}

function answer(task: Task, stopwatch: Stopwatch): unknown {
  switch (task.kind) {
    case 'digest':
      return succeeded<'digest'>(digest(task, stopwatch), stopwatch);
    case 'digestBlock':
      return succeeded<'digestBlock'>(digestBlock(task, stopwatch), stopwatch);
    case 'encode': {
      const block = encode(task, stopwatch);
      return transferred(succeeded<'encode'>(block, stopwatch), [block.bytes.buffer]);
    }
    case 'shared': {
      const bytes = workOnShared(task, workspace, stopwatch);
      return transferred(succeeded<'shared'>(bytes, stopwatch), [bytes.buffer]);
    }
    case 'confirm':
      return succeeded<'confirm'>(confirm(task, stopwatch), stopwatch);
  }
}

function digest(task: DigestTask, stopwatch: Stopwatch): Answers['digest'] {
  const reader = new ContentReader(workspace, stopwatch);
  const digested = task.files.map(file => reader.read(file, task.withRaw).digested);
  workspace.releaseFile();
  return digested;
}

function digestBlock(task: DigestBlockTask, stopwatch: Stopwatch): string {
  const bytes = blockBytes(task.input, workspace, stopwatch);
  workspace.releaseFile();
  return stopwatch.time('digest', () => createHash('sha256').update(bytes).digest('hex'));
}

function encode(task: EncodeTask, stopwatch: Stopwatch): EncodedBlock {
  const { codec, lzma2, check: checkKind } = task.encoding;
  const check = CHECKS[checkKind];
  const bytes = blockBytes(task.input, workspace, stopwatch);
  workspace.releaseFile();
  return assembleBlock({
    lzma2: stopwatch.time('encode', () => codecNamed(codec.name).encode(bytes, lzma2)),
    dictionarySize: lzma2.dictionarySize,
    uncompressedSize: bytes.length,
    check,
    checkValue: stopwatch.time('check', () => check.compute(bytes)),
  });
}

function confirm(task: ConfirmTask, stopwatch: Stopwatch): boolean {
  const bytes = blockBytes(task.input, workspace, stopwatch);
  workspace.releaseFile();
  return isBlockOf(bytes, task.encoding, task.block, stopwatch);
}

function succeeded<K extends keyof Answers>(answer: Answers[K], stopwatch: Stopwatch): Reply<K> {
  return { ok: true, answer, seconds: stopwatch.seconds, span: stopwatch.span() };
}

/** The reply with its buffers moved instead of copied; they must be the reply's own, never one of Buffer's pool. */
function transferred(reply: Reply<'encode' | 'shared'>, buffers: readonly ArrayBufferLike[]): unknown {
  return move({ [transferableSymbol]: buffers, [valueSymbol]: reply });
}

// With this module all others have been loaded: see `WorkerPool`.
parentPort?.postMessage('loaded');
