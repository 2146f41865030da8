import { BACKSLASH, CR, isBlank, LF, SPACE } from './bytes.js';

/** Below this many bytes a loop beats the call. */
const SHORT_COPY_BYTES = 48;

/**
 * The stripped text as it grows, trimmed line by line. It is never longer than what was read of the source, so it may be
 * written over it: then what was read can be looked at here, and nowhere else.
 */
export class Output {
  /** What was written, up to `end`. */
  readonly bytes: Uint8Array;
  /** The next byte to write. */
  end = 0;
  #lineStart = 0;
  /** Bytes before this are copied text, whose blanks stay. */
  #floor = 0;
  /** From the start of the logical line to here there are only white space and comments. */
  #gapEnd = 0;
  /** The current physical line follows a line continuation. */
  #isContinued = false;

  constructor(bytes: Uint8Array) {
    this.bytes = bytes;
  }

  /** Where the current physical line starts. */
  get lineStart(): number {
    return this.#lineStart;
  }

  /** The byte written last. */
  get last(): number | undefined {
    return this.end === 0 ? undefined : this.bytes[this.end - 1];
  }

  /** Whether nothing but white space and comments was written since the start of the logical line. */
  isInGap(): boolean {
    const { bytes, end } = this;
    let i = this.#gapEnd;
    while (i < end && (isBlank(bytes[i]) || bytes[i] === 0)) i++;
    this.#gapEnd = i;
    return i === end;
  }

  /** A space, unless a blank stands there already. */
  space(): void {
    if (!isBlank(this.last)) this.bytes[this.end++] = SPACE;
  }

  /** Source text as it is. */
  copy(source: Uint8Array, from: number, to: number): void {
    const { bytes, end } = this;
    const length = to - from;
    if (length > SHORT_COPY_BYTES) bytes.set(source.subarray(from, to), end);
    else for (let i = 0; i < length; i++) bytes[end + i] = source[from + i] as number;
    this.end = end + length;
    this.#floor = this.end;
  }

  /** A comment, or something else that is white space to a preprocessor, as it is. */
  copyGap(source: Uint8Array, from: number, to: number): void {
    const isInGap = this.isInGap();
    this.copy(source, from, to);
    if (isInGap) this.#gapEnd = this.end;
  }

  /** A line continuation as it is. */
  copySplice(source: Uint8Array, from: number, to: number): void {
    this.copyGap(source, from, to);
    this.#lineStart = this.end;
    this.#isContinued = true;
  }

  /** Ends the line at the source's LF; its CR, if any, was written. A line without content goes, if no continuation precedes it. */
  lineEnd(): void {
    const { bytes } = this;
    const hasReturn = this.end > this.#floor && this.last === CR;
    let end = this.#trimmed(hasReturn ? this.end - 1 : this.end);
    if (end > this.#lineStart || this.#isContinued) {
      if (hasReturn) bytes[end++] = CR;
      bytes[end++] = LF;
    }
    this.end = end;
    this.startLine(end);
  }

  /** A logical line starts at `at`. */
  startLine(at: number): void {
    this.#lineStart = at;
    this.#floor = at;
    this.#gapEnd = at;
    this.#isContinued = false;
  }

  /** Ends the text. A backslash, blanks and the end of the file may be read as a line continuation: that stays. */
  finish(): Uint8Array {
    const end = this.#trimmed(this.end);
    if (end === 0 || this.bytes[end - 1] !== BACKSLASH) this.end = end;
    return this.bytes.subarray(0, this.end);
  }

  #trimmed(end: number): number {
    let i = end;
    while (i > this.#floor && isBlank(this.bytes[i - 1])) i--;
    return i;
  }
}

/** The source itself, in `out`. */
export function copyWhole(source: Uint8Array, out: Uint8Array): Uint8Array {
  if (out !== source) out.set(source);
  return out.subarray(0, source.length);
}
