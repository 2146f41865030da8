import assert from 'node:assert/strict';

/** A member of a tar: where its headers begin and where its padded content ends. */
export interface Member {
  readonly start: number;
  readonly end: number;
  readonly typeflag: string;
}

/** Typeflags of headers that belong to the member behind them: GNU's long names and pax's extended headers. */
const PREFIXES = 'KLxg';

/** A walk over the headers of a whole tar, sharing nothing with src/tar. It checks every checksum. */
export function membersOf(tar: Buffer): Member[] {
  const members: Member[] = [];
  let start = 0;
  let at = 0;
  while (tar.readUInt8(at) !== 0) {
    const header = tar.subarray(at, at + 512);
    assert.equal(storedChecksum(header), checksumOf(header));
    const typeflag = header.toString('latin1', 156, 157);
    const end = at + 512 + Math.ceil(sizeOf(header) / 512) * 512;
    if (!PREFIXES.includes(typeflag)) {
      members.push({ start, end, typeflag });
      start = end;
    }
    at = end;
  }
  return members;
}

/** The size field: octal digits, or base-256 when its first bit is set. */
export function sizeOf(header: Buffer): number {
  const field = header.subarray(124, 136);
  if ((field.readUInt8(0) & 0x80) === 0) return Number.parseInt(field.toString('latin1'), 8);
  return Number(BigInt(`0x${field.toString('hex')}`) - (0x80n << 88n));
}

export function storedChecksum(header: Buffer): number {
  return Number.parseInt(header.toString('latin1', 148, 156), 8);
}

/** The sum of all bytes, those of the checksum itself taken as blanks. */
export function checksumOf(header: Buffer): number {
  return header.reduce((sum, byte, at) => sum + (at >= 148 && at < 156 ? 0x20 : byte), 0);
}
