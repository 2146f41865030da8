/** Rounded up to the four bytes that everything in .xz is aligned to. */
export function roundUp4(bytes: number): number {
  return Math.ceil(bytes / 4) * 4;
}

/** The first byte of a padding that is not null, as every one of them has to be, or -1. */
export function firstNonNull(bytes: Uint8Array): number {
  return bytes.findIndex(byte => byte !== 0);
}
