import type { MessagePort } from 'node:worker_threads';

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

let nowhere: MessagePort | null = null;

/**
 * Gives the memory of bytes back whoever made them, where they are all of their buffer: it goes to a port that is closed,
 * which lets go of whatever it is sent. Nobody may look at them any more; there are none left then. A part of a buffer
 * stays, since the rest of it is somebody's.
 */
export function discard({ buffer, byteLength }: Uint8Array): void {
  if (!(buffer instanceof ArrayBuffer) || byteLength !== buffer.byteLength) return;
  nowhere ??= closedPort();
  nowhere.postMessage(null, [buffer]);
}

/** The global one: the module takes longer to load than a pack that finds all in its cache can spare. */
function closedPort(): MessagePort {
  const { port1 } = new MessageChannel();
  port1.close();
  return port1;
}
