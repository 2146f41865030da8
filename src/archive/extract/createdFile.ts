import { closeSync, futimesSync, renameSync, rmSync, writeSync } from 'node:fs';

/** A file while it is filled: under its own name, or under one that it has for that time. */
export class CreatedFile {
  /** Where it is until it is finished. */
  readonly location: string | Buffer;
  readonly #descriptor: number;
  readonly #finalLocation: string | Buffer | null;
  #isOpen = true;

  /** @param finalLocation the name that it takes in the end, where it has a temporary one */
  constructor(descriptor: number, location: string | Buffer, finalLocation: string | Buffer | null) {
    this.#descriptor = descriptor;
    this.location = location;
    this.#finalLocation = finalLocation;
  }

  write(bytes: Uint8Array): void {
    for (let at = 0; at < bytes.length; ) at += writeSync(this.#descriptor, bytes, at);
  }

  /** Its content is whole: it gets its times, in seconds since 1970, and its name. */
  finish(accessTime: number, modificationTime: number): void {
    futimesSync(this.#descriptor, accessTime, timeOf(modificationTime));
    // Whatever it answers, the descriptor is gone: a file server may tell only now that it is full.
    this.#isOpen = false;
    closeSync(this.#descriptor);
    if (this.#finalLocation !== null) renameSync(this.location, this.#finalLocation);
  }

  /** Removes it. Of several failures the first is the one to tell, and who failed to write may fail to close as well. */
  abandon(): void {
    try {
      rmSync(this.location, { force: true });
    } catch {}
    try {
      if (this.#isOpen) closeSync(this.#descriptor);
    } catch {}
  }
}

/** Milliseconds before 1970 that a Date can be. */
const EARLIEST = -8.64e15;
/** Of a microsecond: what a time in our days, as a `number`, may be too small by. */
const SLACK = 0.125;

/**
 * What Node sets as this time, to the microsecond; before 1970, to the millisecond. Node cuts off what is less than a
 * microsecond, so it is given the middle of one. A number below 0 would be taken for the present.
 */
export function timeOf(seconds: number): number | Date {
  if (seconds < 0) return new Date(Math.max(EARLIEST, Math.floor(1000 * seconds)));
  return Number.isInteger(seconds) ? seconds : (Math.floor(1e6 * seconds + SLACK) + 0.5) / 1e6;
}
