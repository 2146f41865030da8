import { KheadersPackError } from '../errors.js';
import { mapOrdered } from '../flow/mapOrdered.js';
import { codecNamed } from '../lzma/codec.js';
import type { SharedBlock, Sharing } from '../model/codec.js';
import type { EncodingSettings, ExecutionSettings } from '../model/settings.js';
import type { WorkerPool } from '../pool/pool.js';
import type { BlockInput, SharedWork } from '../pool/protocol.js';
import { assembleBlock, type EncodedBlock } from '../xz/block.js';
import { CHECKS } from '../xz/check.js';
import { partsOf } from './parts.js';

/**
 * Encodes large Blocks one after the other, each by all workers together: its bytes, every step of the codec's
 * preparation, its slices. Between these, every worker waits for the last, so each is cut into many small pieces. The
 * next Block begins when the last slice of this one is done: at most a slice's time is lost (a tenth of a second), and
 * there is memory for one Block alone. The Check is one piece of work among the slices.
 *
 * @param blockSizeMax bytes of the largest Block
 */
export async function* compressShared(
  inputs: Iterable<BlockInput> | AsyncIterable<BlockInput>,
  encoding: EncodingSettings,
  execution: ExecutionSettings,
  blockSizeMax: number,
  pool: WorkerPool,
  onSlice: (bytes: number) => void,
): AsyncGenerator<EncodedBlock, void, undefined> {
  const sharing = sharingOf(encoding);
  const memory = sharing.reserve(blockSizeMax, pool.jobs);
  for await (const input of inputs) {
    const size = sizeOf(input);
    if (sharing.slicesOf(size) <= 1) {
      requireRunning(execution);
      yield await pool.encode({ kind: 'encode', input, encoding });
      onSlice(size);
      continue;
    }
    const block = sharing.begin(memory, size);
    const work = (piece: SharedWork): Promise<Uint8Array> => {
      requireRunning(execution);
      return pool.share({ kind: 'shared', block, encoding, work: piece });
    };
    await fill(input, sharing, block, work, pool.jobs);
    for (let step = 0; step < sharing.steps; step++) {
      await all(
        Array.from({ length: pool.jobs }, () => ({ kind: 'prepare', step }) as const),
        pool.jobs,
        work,
      );
    }
    yield await encode(block, sharing, encoding, work, pool.jobs, onSlice);
  }
}

export function sizeOf(input: BlockInput): number {
  if (input.kind === 'bytes') return input.bytes.length;
  return input.kind === 'zeros' ? input.size : input.block.size;
}

function sharingOf(encoding: EncodingSettings): Sharing {
  const { sharing } = codecNamed(encoding.codec.name);
  if (sharing === null) throw new RangeError(`Codec ${encoding.codec.name} does not share Blocks`);
  return sharing;
}

type Work = (piece: SharedWork) => Promise<Uint8Array>;

async function fill(input: BlockInput, sharing: Sharing, block: SharedBlock, work: Work, jobs: number): Promise<void> {
  if (input.kind === 'entries') {
    const pieces = partsOf(input).map(({ at, part }): SharedWork => ({ kind: 'fill', at, part }));
    await all(pieces, jobs, work);
    return;
  }
  const bytes = sharing.bytesOf(block);
  if (input.kind === 'zeros') bytes.fill(0);
  else bytes.set(input.bytes);
}

async function encode(
  block: SharedBlock,
  sharing: Sharing,
  encoding: EncodingSettings,
  work: Work,
  jobs: number,
  onSlice: (bytes: number) => void,
): Promise<EncodedBlock> {
  const slices = sharing.slicesOf(block.size);
  const pieces: SharedWork[] = Array.from({ length: slices }, (_, index) => ({ kind: 'slice', index }));
  const [checkValue = new Uint8Array(0), ...lzma2] = await all([{ kind: 'check' }, ...pieces], jobs, async piece => {
    const bytes = await work(piece);
    if (piece.kind === 'slice') onSlice(block.size / slices);
    return bytes;
  });
  return assembleBlock({
    lzma2: [...lzma2, sharing.endMarker],
    dictionarySize: encoding.lzma2.dictionarySize,
    uncompressedSize: block.size,
    check: CHECKS[encoding.check],
    checkValue,
  });
}

/** Two pieces for each worker are under way, so that none waits for the main thread. */
async function all(pieces: readonly SharedWork[], jobs: number, work: Work): Promise<Uint8Array[]> {
  const results: Uint8Array[] = [];
  for await (const result of mapOrdered(pieces, 2 * jobs, work)) results.push(result);
  return results;
}

function requireRunning(execution: ExecutionSettings): void {
  if (execution.signal.aborted) throw new KheadersPackError('E_ABORTED', {});
}
