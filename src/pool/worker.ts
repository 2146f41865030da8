import { move, transferableSymbol, valueSymbol } from 'piscina';
import { toFailure } from '../errors.js';
import { codecNamed } from '../lzma/codec.js';
import { assembleBlock, type EncodedBlock } from '../xz/block.js';
import { CHECKS } from '../xz/check.js';
import { blockBytes } from './blockBytes.js';
import { ContentReader } from './content.js';
import type { Answers, DigestTask, EncodeTask, Reply, Task } from './protocol.js';
import { workOnShared } from './sharedTask.js';
import { Stopwatch } from './stopwatch.js';
import { Workspace } from './workspace.js';

const workspace = new Workspace();

/** What each thread of the pool runs. piscina calls the function named `runTask`. */
export function runTask(task: Task): unknown {
  const stopwatch = new Stopwatch();
  try {
    if (task.kind === 'digest') return succeeded<'digest'>(digest(task, stopwatch), stopwatch);
    if (task.kind === 'shared') {
      const bytes = workOnShared(task, workspace, stopwatch);
      return transferred(succeeded<'shared'>(bytes, stopwatch), bytes.buffer);
    }
    const block = encode(task, stopwatch);
    return transferred(succeeded<'encode'>(block, stopwatch), block.bytes.buffer);
  } catch (error) {
    return { ok: false, failure: toFailure(error) };
  }
}

function digest(task: DigestTask, stopwatch: Stopwatch): Answers['digest'] {
  const reader = new ContentReader(workspace, stopwatch);
  const digested = task.files.map(file => reader.read(file).digested);
  workspace.releaseFile();
  return digested;
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

function succeeded<K extends keyof Answers>(answer: Answers[K], stopwatch: Stopwatch): Reply<K> {
  return { ok: true, answer, seconds: stopwatch.seconds };
}

/** The reply with its buffer moved instead of copied; the buffer must be the reply's own, never one of Buffer's pool. */
function transferred(reply: Reply<'encode' | 'shared'>, buffer: ArrayBufferLike): unknown {
  return move({ [transferableSymbol]: buffer, [valueSymbol]: reply });
}
