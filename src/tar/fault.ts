/** What is wrong with a tar, and where: `offset` counts bytes from its start. Whoever knows the archive's name makes an error of it. */
export class TarFault extends Error {
  readonly offset: number;

  constructor(offset: number, reason: string) {
    super(reason);
    this.offset = offset;
  }
}
