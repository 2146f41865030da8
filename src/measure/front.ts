/** A contender's place in the size-time plane. `low` and `high` bound the seconds that are plausible for it. */
export interface Place {
  readonly bytes: number;
  readonly seconds: number;
  readonly low: number;
  readonly high: number;
}

/** Whether no other place is at least as small and as fast, and better in one of the two: the Pareto front of size and time. */
export function isOnFront(place: Place, all: readonly Place[]): boolean {
  return !all.some(
    other =>
      other.bytes <= place.bytes &&
      other.seconds <= place.seconds &&
      (other.bytes < place.bytes || other.seconds < place.seconds),
  );
}

/**
 * Whether more measurements of the place could change the front: neither is there one that is no larger and surely faster, nor is
 * the place surely faster than all that are no larger. Sizes are exact, so time alone is in doubt.
 */
export function isUncertain(place: Place, all: readonly Place[]): boolean {
  const rivals = all.filter(other => other !== place && other.bytes <= place.bytes);
  if (rivals.some(other => other.high < place.low)) return false;
  return rivals.some(other => other.low <= place.high);
}
