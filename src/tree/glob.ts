import { type Bytes, type Part, parseGlob } from './globPattern.js';

/** Positions that are kept: more, and they are forgotten and found again. */
const POSITIONS_MAX = 1024;
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
 * takes grows with its length, times the pattern's at worst; regular expressions go back and try again.
 */
export class Glob {
  readonly #states: State[] = [{ bytes: new Uint8Array(256), next: [] }];
  readonly #first: number;
  readonly #positions = new Map<string, Position>();
  #start: Position;

  /** @param pattern bytes, one for each character */
  constructor(pattern: string) {
    this.#first = this.#compile(parseGlob(pattern), END);
    this.#start = this.#position([this.#first]);
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
    const next = before.states.flatMap(at => {
      const state = this.#states[at];
      return state?.bytes?.[byte] === 1 ? state.next : [];
    });
    const position = this.#position(next);
    before.following[byte] = position;
    return position;
  }

  /** @param entered those, and all that they lead to without a byte */
  #position(entered: readonly number[]): Position {
    const states = new Set<number>();
    const waiting = [...entered];
    for (let at = waiting.pop(); at !== undefined; at = waiting.pop()) {
      if (states.has(at)) continue;
      states.add(at);
      const state = this.#states[at];
      if (state?.bytes === null) waiting.push(...state.next);
    }
    const sorted = [...states].filter(at => this.#states[at]?.bytes !== null).sort((a, b) => a - b);
    const key = sorted.join(' ');
    const known = this.#positions.get(key);
    if (known !== undefined) return known;
    if (this.#positions.size >= POSITIONS_MAX) this.#forget();
    const position = { states: sorted, isEnd: sorted.includes(END), following: [] };
    this.#positions.set(key, position);
    return position;
  }

  /** None leads to those that were known before. */
  #forget(): void {
    this.#positions.clear();
    this.#start = this.#position([this.#first]);
  }
}
