import type { Container, ContainerBlock, ContainerStream } from '../../model/container.js';
import type { BlockRecord } from '../../xz/block.js';
import { paddedSize } from '../../xz/blockSizes.js';
import { STREAM_HEADER_SIZE } from '../../xz/streamHeader.js';

/** A Stream as it is found, when it is not known yet what lies before it, or behind it. */
export interface FoundStream extends ContainerStream {
  readonly records: readonly BlockRecord[];
}

/** @param streams all of an archive, in order */
export function containerOfStreams(streams: readonly FoundStream[], compressedSize: number): Container {
  const blocks: ContainerBlock[] = [];
  let uncompressedOffset = 0;
  streams.forEach((stream, i) => {
    let offset = stream.offset + STREAM_HEADER_SIZE;
    for (const record of stream.records) {
      blocks.push({ stream: i, offset, uncompressedOffset, ...record });
      offset += paddedSize(record);
      uncompressedOffset += record.uncompressedSize;
    }
  });
  return {
    streams: streams.map(({ records, ...stream }) => stream),
    blocks,
    compressedSize,
    uncompressedSize: uncompressedOffset,
  };
}
