/**
 * Bytes whose memory can be given back at once. That of ordinary ones waits until garbage is collected, which takes long
 * where little JavaScript runs: to the collector they are small objects.
 */
export function releasable(size: number): Uint8Array<ArrayBuffer> {
  return new Uint8Array(new ArrayBuffer(size, { maxByteLength: size }), 0, size);
}

/** Gives the memory back, where `releasable` made the bytes; there are none left then. */
export function release({ buffer }: Uint8Array): void {
  if (buffer instanceof ArrayBuffer && buffer.resizable) buffer.resize(0);
}
