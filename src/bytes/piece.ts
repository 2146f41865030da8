/** Bytes that lie together, to be read singly, as text, and four at a time, which takes a third of the time. */
export class Piece {
  readonly bytes: Buffer;
  readonly view: DataView;

  constructor({ buffer, byteOffset, byteLength }: Uint8Array) {
    this.bytes = Buffer.from(buffer, byteOffset, byteLength);
    this.view = new DataView(buffer, byteOffset, byteLength);
  }
}
