import type { TarEntry, TarFormat } from '../model/tarEntry.js';
import type { DecodedHeader } from './decodeHeader.js';
import { RECORD_SIZE } from './entryHeader.js';
import { TarFault } from './fault.js';

/** Typeflags that have no content, whatever their size field says: programs disagree on what a size means there. */
const WITHOUT_CONTENT = '123456';

/**
 * The entry that a header states.
 *
 * @param offset of its first header, extended ones included
 * @param contentOffset behind its last one
 * @throws TarFault when it cannot have the content that it states
 */
export function entryOf(header: DecodedHeader, format: TarFormat, offset: number, contentOffset: number): TarEntry {
  const { name, size } = header;
  const typeflag = '07'.includes(header.typeflag) && name.endsWith('/') ? '5' : header.typeflag;
  const at = contentOffset - RECORD_SIZE;
  if (size < 0) throw new TarFault(at, `an entry of ${size} bytes`);
  if (size > 0 && WITHOUT_CONTENT.includes(typeflag)) {
    throw new TarFault(at, `an entry of type "${typeflag}" states ${size} bytes of content, which it cannot have`);
  }
  return {
    name,
    typeflag,
    mode: header.mode,
    uid: header.uid,
    gid: header.gid,
    uname: header.uname,
    gname: header.gname,
    size,
    mtime: header.mtime,
    linkname: header.linkname,
    format,
    offset,
    contentOffset,
  };
}
