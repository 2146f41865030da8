/**
 * Units are placed and refined in rounds, some of them in each: the lists are of no use once they are refined, so the next
 * round's lie in the same memory. A round has its even share of the positions, and up to a unit more.
 */
import { passOver } from './block';
import { UNITS, unitStarts } from './sort';

let round: u32 = 0;

/** Cuts the units, whose starts are known, into so many rounds. */
export function cutRounds(rounds: u32): void {
  const starts = unitStarts();
  const positions = <u64>load<u32>(starts + (UNITS << 2));
  let unit: u32 = 0;
  for (let each: u32 = 0; each <= rounds; each++) {
    const before = <u32>((positions * each) / rounds);
    while (unit < UNITS && load<u32>(starts + (unit << 2)) < before) unit++;
    store<u32>(roundAt(each), unit);
  }
  store<u32>(roundAt(0), 0);
  store<u32>(roundAt(rounds), UNITS);
}

/** Makes this instance place and refine the units of a round. */
export function beginRound(round_: u32): void {
  round = round_;
  passOver(load<u32>(unitStarts() + (unitsFrom() << 2)));
}

export function isFirstRound(): bool {
  return round === 0;
}

/** The first unit of the round. */
export function unitsFrom(): u32 {
  return load<u32>(roundAt(round));
}

/** How many units the round has. */
export function unitsOf(): u32 {
  return load<u32>(roundAt(round + 1)) - load<u32>(roundAt(round));
}

function roundAt(each: u32): usize {
  return unitStarts() + ((UNITS + 1 + each) << 2);
}
