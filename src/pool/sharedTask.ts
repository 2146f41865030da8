import { codecNamed } from '../lzma/codec.js';
import type { OpenBlock } from '../model/codec.js';
import { CHECKS } from '../xz/check.js';
import { writeEntries } from './blockBytes.js';
import type { SharedTask } from './protocol.js';
import type { Stopwatch } from './stopwatch.js';
import type { Workspace } from './workspace.js';

/** Does a task on a Block that is shared. What it answers with has a buffer of its own, since that is moved. */
export function workOnShared(task: SharedTask, workspace: Workspace, stopwatch: Stopwatch): Uint8Array {
  const { codec, lzma2 } = task.encoding;
  const { sharing } = codecNamed(codec.name);
  if (sharing === null) throw new RangeError(`Codec ${codec.name} does not share Blocks`);
  const block = sharing.open(task.block, task.place);
  const { work } = task;
  switch (work.kind) {
    case 'fill':
      fill(block, work, workspace, stopwatch);
      return new Uint8Array(0);
    case 'prepare':
      stopwatch.time('encode', () => block.prepare(work.step));
      return new Uint8Array(0);
    case 'slice':
      return stopwatch.time('encode', () => block.encodeSlice(work.index, lzma2));
    case 'check':
      return Uint8Array.from(stopwatch.time('check', () => CHECKS[task.encoding.check].compute(block.bytes)));
  }
}

function fill(
  block: OpenBlock,
  work: Extract<SharedTask['work'], { kind: 'fill' }>,
  workspace: Workspace,
  stopwatch: Stopwatch,
): void {
  const { at, part } = work;
  const target = block.bytes.subarray(at, at + part.block.size).fill(0);
  writeEntries(target, part, workspace, stopwatch);
  workspace.releaseFile();
}
