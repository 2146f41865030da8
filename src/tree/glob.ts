import { type Bytes, type Part, parseGlob } from './globPattern.js';

/** States of the positions that are kept, added up: what there is beyond is found again for each byte. */
const KEPT_MAX = 2 ** 12;
const SLASH = '/'.charCodeAt(0);

/** What takes a byte of a set, or none at all, and leads on. */
interface State {
  readonly bytes: Bytes | null;
  readonly next: number[];
}

/** The states that a path may be in, behind some of its bytes. */
interface Position {
  readonly states: readonly number[];
  readonly isEnd: boolean;
  /** By the byte that comes next, as far as it has been asked for. */
  readonly following: (Position | undefined)[];
}

const END = 0;

/**
 * A pattern with wildcards, see `parseGlob`. Names come from strangers, and in manifests patterns too: a path is read once,
 * byte by byte, in all states at once that it may be in (Ken Thompson, "Regular Expression Search Algorithm", 1968). What that
 * takes grows with its length, times the pattern's at worst, and memory with the pattern alone; regular expressions go back
 * and try again.
 */
export class Glob {
  readonly #states: State[] = [{ bytes: new Uint8Array(256), next: [] }];
  readonly #start: Position;
  readonly #positions = new Map<string, Position>();
  #kept = 0;
  /** The search that has come to a state last, by state. */
  readonly #seen: Uint32Array;
  #search = 0;

  /** @param pattern bytes, one for each character */
  constructor(pattern: string) {
    const first = this.#compile(parseGlob(pattern), END);
    this.#seen = new Uint32Array(this.#states.length);
    const states: number[] = [];
    this.#enter(first, ++this.#search, states);
    this.#start = this.#position(states);
  }

  /** Whether it matches the path, or a directory that the path lies in. */
  matches(path: string): boolean {
    let at = this.#start;
    for (let i = 0; i < path.length; i++) {
      const byte = path.charCodeAt(i);
      if (byte === SLASH && at.isEnd) return true;
      at = at.following[byte] ?? this.#behind(at, byte);
      if (at.states.length === 0) return false;
    }
    return at.isEnd;
  }

  /** @returns the state that the parts begin with, before the state `next` */
  #compile(parts: readonly Part[], next: number): number {
    return parts.reduceRight((behind, part) => this.#before(part, behind), next);
  }

  #before(part: Part, next: number): number {
    switch (part.kind) {
      case 'byte':
        return this.#add({ bytes: part.of, next: [next] });
      case 'many': {
        const again = this.#add({ bytes: null, next: [next] });
        this.#states[again]?.next.push(this.#add({ bytes: part.of, next: [again] }));
        return again;
      }
      case 'either':
        return this.#add({ bytes: null, next: part.rows.map(row => this.#compile(row, next)) });
    }
  }

  #add(state: State): number {
    return this.#states.push(state) - 1;
  }

  #behind(before: Position, byte: number): Position {
    const states: number[] = [];
    const search = ++this.#search;
    for (const at of before.states) {
      const { bytes, next } = this.#states[at] as State;
      if (bytes?.[byte] === 1) for (const each of next) this.#enter(each, search, states);
    }
    if (this.#kept + states.length > KEPT_MAX) return positionOf(states);
    const position = this.#position(states);
    before.following[byte] = position;
    return position;
  }

  /** Adds a state that takes a byte, or the end; in the place of another those that it leads to. Each once in a search. */
  #enter(at: number, search: number, states: number[]): void {
    if (this.#seen[at] === search) return;
    this.#seen[at] = search;
    const { bytes, next } = this.#states[at] as State;
    if (bytes !== null) states.push(at);
    else for (const each of next) this.#enter(each, search, states);
  }

  /** The position with these states that is kept. */
  #position(states: number[]): Position {
    const key = states.sort((a, b) => a - b).join(' ');
    const known = this.#positions.get(key);
    if (known !== undefined) return known;
    const position = positionOf(states);
    this.#positions.set(key, position);
    this.#kept += states.length;
    return position;
  }
}

function positionOf(states: readonly number[]): Position {
  return { states, isEnd: states.includes(END), following: [] };
}
