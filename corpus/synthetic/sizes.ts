import type { Random } from './random.js';

/** [per mille of headers, bytes]: the sizes of the 6,368 headers under include/ and arch/x86/include/ of Linux 6.1, as measured. */
const QUANTILES: readonly (readonly [number, number])[] = [
  [0, 40],
  [50, 285],
  [100, 406],
  [250, 833],
  [400, 1572],
  [500, 2255],
  [600, 3206],
  [700, 4773],
  [750, 6043],
  [800, 7735],
  [850, 10_042],
  [900, 14_530],
  [950, 23_066],
  [970, 34_211],
  [990, 60_584],
  [995, 77_397],
  [999, 185_056],
  [1000, 488_205],
];

/** A size in bytes drawn from a kernel's own distribution: half of them under 2,255, the mean about 6,300. */
export function headerSize(random: Random): number {
  const at = random.below(1_000_000) / 1000;
  let [below, least] = QUANTILES[0] ?? [0, 0];
  for (const [above, most] of QUANTILES) {
    if (at < above) return Math.floor(least + ((most - least) * (at - below)) / (above - below));
    [below, least] = [above, most];
  }
  return least;
}
