/** What the encoder offers to its worker: a Block opened, its match table made phase by phase, its slices encoded. */

import { PARTS } from './block';
import { SCRATCH_SIZE } from './layout';
import { COUNTS_SIZE } from './sort';

export { openBlock } from './block';
export { setEffort } from './effort';
export { refineUnits } from './refine';
export { beginRound, unitsFrom, unitsOf } from './rounds';
export { encodeSlice } from './slice';
export { addUpCounts, countPart, placePart } from './sort';

export const scratchSize: u32 = <u32>SCRATCH_SIZE;
export const parts: u32 = PARTS;
export const countsSize: u32 = <u32>COUNTS_SIZE;
