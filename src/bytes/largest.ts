/** The largest of any number of sizes, 0 where there are none: as arguments of one call they may be too many. */
export function largestOf(sizes: readonly number[]): number {
  return sizes.reduce((most, size) => Math.max(most, size), 0);
}
