/** How hard the parser tries. */

/** Matches of this length are not shortened, and what lies inside them is skipped. */
export let niceLength: u32 = 0;
/** Positions inside a nice match that are looked at all the same. */
export let lookAhead: u32 = 0;
/** Literals that a step's tail may have. */
export let tailLiterals: u32 = 0;
/** A node's second arrival is followed when it costs less than this more than the first. */
export let secondWithin: u32 = 0;
/** A node is passed over when one farther on costs less by this or more. */
export let passMargin: u32 = 0;
/** Symbols between two renewals of the price tables. */
export let renewAfter: u32 = 0;

export function setEffort(
  niceLength_: u32,
  lookAhead_: u32,
  tailLiterals_: u32,
  secondWithin_: u32,
  passMargin_: u32,
  renewAfter_: u32,
): void {
  niceLength = niceLength_;
  lookAhead = lookAhead_;
  tailLiterals = tailLiterals_;
  secondWithin = secondWithin_;
  passMargin = passMargin_;
  renewAfter = renewAfter_;
}
