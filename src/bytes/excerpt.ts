/** Bytes in order, of which some are left out: those that their reader is not going to look at. */
export interface Excerpt {
  /** How many there are, with those left out. */
  readonly length: number;
  /** Those that are there, one behind the other. */
  readonly bytes: Uint8Array;
  /** What is left out, in order. */
  readonly gaps: readonly Gap[];
}

export interface Gap {
  /** The index in `bytes` that it lies before. */
  readonly at: number;
  readonly length: number;
  /** Of a tar: how many plain members (`PlainMembers`) begin where the gap does; 0 where it is something else. */
  readonly members: number;
  /** Bytes that those members take; the last of them may end behind the gap. */
  readonly size: number;
}

/** None of them. */
export function nothingOf(length: number): Excerpt {
  return { length, bytes: new Uint8Array(0), gaps: [{ at: 0, length, members: 0, size: 0 }] };
}
