import { extract } from 'tar-stream';
import { type BytePath, fromLatin1, fromUtf8 } from '../bytes/bytePath.js';
import { KheadersPackError } from '../errors.js';
import type { TarEntry } from '../model/tarEntry.js';

// STAND-IN: replaced at the merge by the reading side's own.
export interface TarMember {
  readonly entry: TarEntry;
  readonly content: AsyncIterable<Uint8Array>;
}

const TYPES: Record<string, string> = { file: '0', link: '1', symlink: '2', directory: '5', fifo: '6' };

export async function* readTar(
  bytes: AsyncIterable<Uint8Array>,
  archiveName: string,
): AsyncGenerator<TarMember, void, undefined> {
  const parser = extract({ filenameEncoding: 'latin1', allowUnknownFormat: true } as object);
  const feed = (async () => {
    for await (const piece of bytes) {
      if (!parser.write(Buffer.from(piece))) await new Promise<void>(resolve => parser.once('drain', () => resolve()));
    }
    parser.end(null);
  })();
  feed.catch(error => parser.destroy(error as Error));
  let end = 0;
  try {
    for await (const stream of parser) {
      const { header } = stream;
      const contentOffset = (header as unknown as { byteOffset: number }).byteOffset;
      const size = header.size ?? 0;
      const name = (text: string | null | undefined): BytePath =>
        header.pax ? fromUtf8(text ?? '') : fromLatin1(text ?? '');
      const typeflag = TYPES[header.type ?? 'file'] ?? '?';
      yield {
        entry: {
          name:
            typeflag === '5' && !header.name.endsWith('/') ? fromLatin1(`${name(header.name)}/`) : name(header.name),
          typeflag,
          mode: header.mode ?? 0,
          uid: header.uid ?? 0,
          gid: header.gid ?? 0,
          uname: fromLatin1(header.uname ?? ''),
          gname: fromLatin1(header.gname ?? ''),
          size,
          mtime: (header.mtime?.getTime() ?? 0) / 1000,
          linkname: name(header.linkname),
          format: header.pax ? 'pax' : 'gnu',
          offset: end,
          contentOffset,
        },
        content: stream as AsyncIterable<Uint8Array>,
      };
      stream.resume();
      end = contentOffset + Math.ceil(size / 512) * 512;
    }
  } catch (error) {
    if (error instanceof KheadersPackError) throw error;
    throw new KheadersPackError('E_BAD_TAR', { path: archiveName, offset: end, reason: (error as Error).message });
  }
  await feed;
}
