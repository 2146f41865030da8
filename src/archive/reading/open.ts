import { createReadStream } from 'node:fs';
import { open } from 'node:fs/promises';
import { KheadersPackError, systemReason } from '../../errors.js';
import { decodeXz } from '../../lzma/decodeXz.js';
import type { BlockHeader, Container, ContainerBlock } from '../../model/container.js';
import type { ReadingSettings } from '../../model/reading.js';

// STAND-IN: replaced at the merge by the reading side's own.
export interface OpenArchive {
  readonly name: string;
  readonly container: Container | null;
  read(): AsyncGenerator<Uint8Array, void, undefined>;
  readRange(from: number, to: number): AsyncGenerator<Uint8Array, void, undefined>;
  blockHeader(index: number): Promise<BlockHeader>;
  rawRange(from: number, to: number): AsyncGenerator<Uint8Array, void, undefined>;
}

export async function withArchive<T>(
  settings: ReadingSettings,
  work: (archive: OpenArchive) => Promise<T>,
): Promise<T> {
  const { source } = settings;
  if (source.kind === 'readable') {
    return work({
      name: source.name,
      container: null,
      read: () => decodeXz(source.readable),
    } as unknown as OpenArchive);
  }
  const { path } = source;
  async function* rawRange(from: number, to: number): AsyncGenerator<Uint8Array, void, undefined> {
    if (from < to) yield* createReadStream(path, { start: from, end: to - 1 }) as AsyncIterable<Uint8Array>;
  }
  async function* read(): AsyncGenerator<Uint8Array, void, undefined> {
    try {
      yield* decodeXz(createReadStream(path));
    } catch (error) {
      throw new KheadersPackError('E_BAD_XZ', { path, offset: 0, reason: (error as Error).message });
    }
  }
  let container: Container;
  try {
    container = await containerOf(path);
  } catch (error) {
    throw new KheadersPackError('E_READ', { path, reason: systemReason(error) }, { cause: error });
  }
  return work({
    name: path,
    container,
    read,
    rawRange,
    async *readRange(from, to) {
      let at = 0;
      for await (const piece of read()) {
        const a = Math.max(from - at, 0);
        const b = Math.min(to - at, piece.length);
        if (a < b) yield piece.subarray(a, b);
        at += piece.length;
      }
    },
    async blockHeader(index) {
      const block = container.blocks[index] as ContainerBlock;
      const pieces: Uint8Array[] = [];
      for await (const piece of rawRange(block.offset, block.offset + 1024)) pieces.push(piece);
      const bytes = Buffer.concat(pieces);
      const flags = bytes[1] as number;
      let at = 2;
      const vli = (): number => {
        let value = 0;
        for (let shift = 1; ; shift *= 128) {
          const byte = bytes[at++] as number;
          value += (byte & 127) * shift;
          if (byte < 128) return value;
        }
      };
      const compressedSize = flags & 0x40 ? vli() : null;
      const uncompressedSize = flags & 0x80 ? vli() : null;
      const filters = Array.from({ length: (flags & 3) + 1 }, () => {
        const id = vli();
        const size = vli();
        at += size;
        return { id, properties: bytes.subarray(at - size, at) };
      });
      return { size: ((bytes[0] as number) + 1) * 4, compressedSize, uncompressedSize, filters };
    },
  });
}

async function containerOf(path: string): Promise<Container> {
  const file = await open(path);
  const bytes = await file.readFile();
  await file.close();
  const end = bytes.length;
  if (end < 32 || bytes[0] !== 0xfd)
    throw new KheadersPackError('E_BAD_XZ', { path, offset: 0, reason: 'not an .xz file' });
  const indexSize = (bytes.readUInt32LE(end - 8) + 1) * 4;
  let at = end - 12 - indexSize + 1;
  const vli = (): number => {
    let value = 0;
    for (let shift = 1; ; shift *= 128) {
      const byte = bytes[at++] as number;
      value += (byte & 127) * shift;
      if (byte < 128) return value;
    }
  };
  const blocks: ContainerBlock[] = [];
  let offset = 12;
  let uncompressedOffset = 0;
  for (let count = vli(); count > 0; count--) {
    const unpaddedSize = vli();
    const uncompressedSize = vli();
    blocks.push({ stream: 0, offset, unpaddedSize, uncompressedSize, uncompressedOffset });
    offset += Math.ceil(unpaddedSize / 4) * 4;
    uncompressedOffset += uncompressedSize;
  }
  const streams = [{ offset: 0, size: end, checkId: bytes[7] as number, padding: 0 }];
  return { streams, blocks, compressedSize: end, uncompressedSize: uncompressedOffset };
}
