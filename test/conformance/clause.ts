/** How binding a clause is: RFC 2119's words, or `is` for what a format simply is. */
export type Force = 'MUST' | 'SHOULD' | 'MAY' | 'is';

/** Whom it binds: `w` who writes, `r` who reads, `rw` both. */
export type Party = 'r' | 'w' | 'rw';

/** A clause of a format's specification, in our words, with the tests that hold us to it. */
export interface Clause {
  /** Its section. */
  readonly section: string;
  readonly force: Force;
  readonly party: Party;
  readonly clause: string;
  /** Tests by their file, from `test/`, and their title; none where `note` says why none is needed. */
  readonly tests: readonly (readonly [file: string, title: string])[];
  /** What we do where it leaves a choice, or where we do not follow it. */
  readonly note?: string;
}

/** A specification and its clauses. */
export interface Specification {
  readonly title: string;
  readonly source: string;
  readonly clauses: readonly Clause[];
}
