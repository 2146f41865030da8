import { KheadersPackError } from '../errors.js';

/** What is wrong with a tar, and where: `offset` counts bytes from its start. Whoever knows the archive's name makes an error of it. */
export class TarFault extends Error {
  readonly offset: number;

  constructor(offset: number, reason: string) {
    super(reason);
    this.offset = offset;
  }
}

/** A fault as the error that names the archive; any other error as it is. */
export function badTar(path: string, error: unknown): unknown {
  if (!(error instanceof TarFault)) return error;
  return new KheadersPackError('E_BAD_TAR', { path, offset: error.offset, reason: error.message }, { cause: error });
}
