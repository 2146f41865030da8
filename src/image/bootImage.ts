import type { RandomAccess } from '../archive/reading/archiveFile.js';

/**
 * A bzImage's header (Documentation/arch/x86/boot.rst, "The Real-Mode Kernel Header"); little-endian, offsets in bytes
 * from the file's start.
 */
const SETUP_SECTORS_AT = 0x1f1;
const BOOT_FLAG = { at: 0x1fe, value: 0xaa55 } as const;
const MAGIC = { at: 0x202, text: 'HdrS' } as const;
const VERSION_AT = 0x206;
const PAYLOAD_OFFSET_AT = 0x248;
const PAYLOAD_LENGTH_AT = 0x24c;
export const BOOT_HEADER_SIZE = 0x250;

/** The first version with the payload's place. */
const VERSION_WITH_PAYLOAD = 0x0208;
const SECTOR_SIZE = 512;
/** What setup_sects means when it is 0. */
const SETUP_SECTORS_DEFAULT = 4;
/** The build appends the size before compression to every payload, but for gzip, whose own last field that is. */
const APPENDED_SIZE = 4;

/** Where a compressed kernel lies in a bzImage, in bytes of the file. */
export interface Payload {
  readonly offset: number;
  readonly size: number;
}

/** The payload of a bzImage, or null where the file is none. */
export async function payloadOf(file: RandomAccess): Promise<Payload | null> {
  if (file.size < BOOT_HEADER_SIZE) return null;
  const head = await file.read(0, BOOT_HEADER_SIZE);
  const view = new DataView(head.buffer, head.byteOffset, head.length);
  const magic = Buffer.from(head.subarray(MAGIC.at, MAGIC.at + MAGIC.text.length)).toString('latin1');
  if (view.getUint16(BOOT_FLAG.at, true) !== BOOT_FLAG.value || magic !== MAGIC.text) return null;
  if (view.getUint16(VERSION_AT, true) < VERSION_WITH_PAYLOAD) return null;
  const sectors = view.getUint8(SETUP_SECTORS_AT) || SETUP_SECTORS_DEFAULT;
  const offset = (sectors + 1) * SECTOR_SIZE + view.getUint32(PAYLOAD_OFFSET_AT, true);
  const size = view.getUint32(PAYLOAD_LENGTH_AT, true);
  return offset + size <= file.size ? { offset, size } : null;
}

/** The compressed data of a payload alone. */
export function withoutAppendedSize(payload: Uint8Array, isGzip: boolean): Uint8Array {
  return isGzip ? payload : payload.subarray(0, payload.length - APPENDED_SIZE);
}
