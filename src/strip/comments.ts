/**
 * Token-exact stripping of C headers, in one pass over bytes.
 *
 * **What is kept.** A C preprocessor that reads the stripped header sees the same tokens, and for each the same answer
 * to two questions: does white space precede it (`#arg` and `#define F (x)` depend on it), and is it the first of its
 * line (directives depend on it). `__LINE__` is not kept. The readings that have to agree are gcc's and clang's in their
 * gnu modes, for C and for assembler (`-x assembler-with-cpp`); both read `//` as a comment, ignore trigraphs, allow
 * blanks between a backslash and the line end, and end a literal at the line end.
 *
 * **How it reads.** Most bytes are ordinary and are copied. These are not:
 * - *Line end* (LF or CR LF). Blanks before it go. A line left empty goes as a whole, unless a line continuation precedes
 *   it: then it ends a logical line and removing it would join two.
 * - *Line continuation* (backslash, blanks, line end). Stays as it is, byte for byte: no line of a directive is joined or
 *   split. It may stand between the bytes of `/*`, `//` and the closing pair too.
 * - *Comment*. Becomes one space, or nothing where white space or a line end already stands on either side. At the start
 *   of a line that space stays: it is what tells ` #` from `#`. A block comment over several lines leaves the tokens around
 *   it on one line, as a preprocessor has them. A comment that holds `SPDX` stays whole.
 *   A run of empty comments directly between two bytes that are not white space also stays whole: that is how
 *   traditional preprocessing pastes (`name/**\/fn` in arch/arm/include/asm/glue.h).
 * - *Literal*. Copied to its closing quote, over escapes and continuations. Prefixes (L, u, U, u8) end where the quote
 *   starts and need no care.
 * - *`#` as the first token of a logical line*. A directive. Behind `include` and its kin, and behind `__has_include(`
 *   anywhere, `<` opens a header name, in which nothing is a comment: `<a//b.h>`.
 * - *Blanks*, with `collapse`: a run becomes one space, at the start of a line too. gcc and clang both record blanks
 *   before the first token of a line, and some assemblers tell labels from instructions by them.
 *
 * **Where readings part.** Some text is read in two ways, by compilers of different ages or by language: a lone quote
 * (`#error don't`; apostrophes in assembler text), an apostrophe inside a number (`1'000` is one token in C23), a header
 * name that holds a quote or a comment's opening (it is no header name in a skipped group, nor behind `__has_include(`
 * outside conditions but for gcc). There the rest of the logical line stays as it is. If some reading could leave a
 * comment open at its end, the rest of the file stays as well.
 * The rest of the file also stays from an unterminated comment on; from a lone `"` outside a directive on; from a raw
 * string (`R"(...)"`, C++ and gcc's gnu99, a macro call elsewhere) on; and from a stray backslash on that only a
 * comment keeps from becoming a line continuation. A file in which it is not clear where lines end stays whole
 * (`isAmbiguousFile`).
 *
 * **Why twice is once.** Every decision looks at bytes that the first pass leaves in place, or at white space that it leaves
 * in its final form.
 */
import { BYTE_ORDER_MARK, isAmbiguousFile, mayHoldCommentOrLiteral, mayLeaveCommentOpen } from './ambiguousText.js';
import {
  BACKSLASH,
  blockCommentEnd,
  COLON,
  DOUBLE_QUOTE,
  emptyCommentsEnd,
  HASH,
  headerNameEnd,
  isBlank,
  isCommentAt,
  isWhite,
  LESS,
  LF,
  literalEnd,
  logicalLineEnd,
  SINGLE_QUOTE,
  SLASH,
  STAR,
  skipBlanks,
  skipSplices,
  spdxFrom,
  spliceEnd,
} from './bytes.js';
import { type Directive, followsHeaderTest, NO_DIRECTIVE, readDirective } from './directive.js';
import { type Blanks, copyOrdinary } from './ordinary.js';
import { copyWhole, Output } from './output.js';
import { hasRawPrefix, isInsideNumber } from './prefix.js';

/** A `Stripper` (see `strip.ts`) for each kind of blanks: the header without comments, trailing blanks and empty lines. */
export function stripComments(source: Uint8Array, out: Uint8Array, blanks: Blanks): Uint8Array {
  return isAmbiguousFile(source) ? copyWhole(source, out) : new CommentStripper(source, out, blanks).strip();
}

class CommentStripper {
  readonly #source: Uint8Array;
  readonly #blanks: Blanks;
  readonly #out: Output;
  /** The next source byte to read. */
  #at = 0;
  /** The directive whose logical line this is. */
  #directive: Directive = NO_DIRECTIVE;
  /** The first SPDX at or after the last comment looked at; the source's length when there is none. */
  #spdx = -1;

  constructor(source: Uint8Array, out: Uint8Array, blanks: Blanks) {
    this.#source = source;
    this.#blanks = blanks;
    this.#out = new Output(out);
  }

  strip(): Uint8Array {
    const source = this.#source;
    if (BYTE_ORDER_MARK.every((byte, i) => source[i] === byte)) this.#keepComment(BYTE_ORDER_MARK.length);
    while (this.#at < source.length) {
      this.#ordinary();
      if (this.#at < source.length) this.#special(source[this.#at] as number);
    }
    return this.#out.finish();
  }

  #ordinary(): void {
    const { lineStart } = this.#out;
    this.#at = copyOrdinary(this.#source, this.#at, this.#out, this.#blanks);
    if (this.#out.lineStart !== lineStart) this.#directive = NO_DIRECTIVE;
  }

  #special(byte: number): void {
    if (byte === LF) this.#lineEnd();
    else if (byte === SLASH) this.#slash();
    else if (byte === DOUBLE_QUOTE || byte === SINGLE_QUOTE) this.#quote(byte);
    else if (byte === BACKSLASH) this.#backslash();
    else if (byte === HASH) this.#hash(1);
    else if (byte === LESS) this.#less();
    else if (this.#source[this.#at + 1] === COLON) this.#hash(2);
    else this.#keep(this.#at + 1);
  }

  #lineEnd(): void {
    this.#out.lineEnd();
    this.#at++;
    this.#directive = NO_DIRECTIVE;
  }

  #backslash(): void {
    const source = this.#source;
    const end = spliceEnd(source, this.#at);
    if (end >= 0) {
      this.#out.copySplice(source, this.#at, end);
      this.#at = end;
    } else if (isCommentAt(this.#source, skipBlanks(source, this.#at + 1))) {
      this.#keepRest();
    } else {
      this.#keep(this.#at + 1);
    }
  }

  #slash(): void {
    const source = this.#source;
    const second = skipSplices(source, this.#at + 1);
    if (source[second] === STAR) this.#blockComment(second + 1);
    else if (source[second] === SLASH) this.#lineComment(second + 1);
    else this.#keep(this.#at + 1);
  }

  #blockComment(body: number): void {
    const end = blockCommentEnd(this.#source, body);
    const run = emptyCommentsEnd(this.#source, this.#at);
    if (end < 0) this.#keepRest();
    else if (this.#holdsSpdx(end)) this.#keepComment(end);
    else if (run > this.#at && this.#isPaste(run)) this.#keepComment(run);
    else this.#drop(Math.max(run, end));
  }

  #lineComment(body: number): void {
    const end = logicalLineEnd(this.#source, body);
    if (this.#holdsSpdx(end)) this.#keepComment(end);
    else this.#at = end;
  }

  /** Whether empty comments up to `end` stand directly between bytes that are no white space. */
  #isPaste(end: number): boolean {
    const { last } = this.#out;
    if (last === undefined || isWhite(last)) return false;
    return end < this.#source.length && !isWhite(this.#source[end]) && !isCommentAt(this.#source, end);
  }

  #holdsSpdx(end: number): boolean {
    if (this.#spdx < this.#at) this.#spdx = spdxFrom(this.#source, this.#at);
    return this.#spdx < end;
  }

  #quote(quote: number): void {
    const written = this.#out;
    const end = literalEnd(this.#source, this.#at);
    if (quote === DOUBLE_QUOTE && hasRawPrefix(written.bytes, written.end)) this.#keepRest();
    else if (quote === SINGLE_QUOTE && isInsideNumber(written.bytes, written.end)) this.#keepAmbiguousLine();
    else if (end >= 0 && !this.#isNameWithEscape(end)) this.#keep(end);
    else if (quote === DOUBLE_QUOTE && this.#directive === NO_DIRECTIVE) this.#keepRest();
    else this.#keepAmbiguousLine();
  }

  /** gcc knows no escapes in the operand of `#include`, clang does. */
  #isNameWithEscape(end: number): boolean {
    if (this.#directive.kind !== 'include') return false;
    for (let i = this.#at; i < end; i++) if (this.#source[i] === BACKSLASH) return true;
    return false;
  }

  /** A `#`, or a `%:`, of that many bytes. */
  #hash(length: number): void {
    if (this.#out.isInGap()) this.#directive = readDirective(this.#source, this.#at + length);
    this.#keep(this.#at + length);
  }

  #less(): void {
    const { kind, operand } = this.#directive;
    if (this.#at === operand || followsHeaderTest(this.#out.bytes, this.#out.end)) this.#headerName();
    else if (kind === 'include') this.#keepAmbiguousLine();
    else this.#keep(this.#at + 1);
  }

  #headerName(): void {
    const end = headerNameEnd(this.#source, this.#at);
    if (end < 0 || mayHoldCommentOrLiteral(this.#source, this.#at, end)) this.#keepAmbiguousLine();
    else this.#keep(end);
  }

  #keep(end: number): void {
    this.#out.copy(this.#source, this.#at, end);
    this.#at = end;
  }

  #keepComment(end: number): void {
    this.#out.copyGap(this.#source, this.#at, end);
    this.#at = end;
  }

  #keepRest(): void {
    this.#keep(this.#source.length);
  }

  /** Leaves the rest of the logical line alone, or that of the file: see "Where readings part". */
  #keepAmbiguousLine(): void {
    const end = logicalLineEnd(this.#source, this.#at);
    if (mayLeaveCommentOpen(this.#source, this.#at, end)) this.#keepRest();
    else this.#keep(end);
  }

  /** Leaves a comment out, up to `end`. */
  #drop(end: number): void {
    this.#at = end;
    if (!isBlank(this.#source[end])) this.#out.space();
  }
}
