import { type HeaderKind, headerText } from './headerText.js';
import { type Landmark, landmarks } from './landmarks.js';
import { PLACES, type Place } from './places.js';
import { Random } from './random.js';
import { headerSize } from './sizes.js';
import { field, subject, verb } from './words.js';

/** A header to be written: where, what, and whether it is executable. */
export interface SyntheticHeader {
  readonly path: string;
  readonly bytes: () => Buffer;
  readonly executable: boolean;
}

/** Every header of a tree, `count` of them: the landmarks first, the rest dealt out to the places by weight. */
export function* layout(count: number, seed: number): Generator<SyntheticHeader> {
  const fixed = landmarks(count).slice(0, count);
  for (const landmark of fixed) yield fromLandmark(landmark, seed);
  const deal = new Random(seed);
  const namer = new Namer(
    seed,
    fixed.map(landmark => landmark.path),
  );
  let twin = { path: 'include/linux/first.h', kind: 'interface' as HeaderKind, size: 2000 };
  for (let left = count - fixed.length; left > 0; left--) {
    const place = weighted(deal);
    if (place.kind === 'wrapper') {
      const name = namer.wrapper(place.directory);
      yield {
        path: `${place.directory}/${name}`,
        bytes: () => Buffer.from(`#include <asm-generic/${name}>\n`),
        executable: false,
      };
      continue;
    }
    const path = namer.header(deal, place);
    // One in a hundred has the bytes of the one before it: copies exist in real trees, too.
    if (!deal.chance(1)) twin = { path, kind: place.kind, size: headerSize(deal) };
    const { path: origin, kind, size } = twin;
    yield {
      path,
      bytes: () => Buffer.from(headerText(Random.of(seed, origin), origin, kind, size)),
      executable: false,
    };
  }
}

function fromLandmark({ path, content, executable }: Landmark, seed: number): SyntheticHeader {
  if (Buffer.isBuffer(content)) return { path, bytes: () => content, executable };
  return {
    path,
    bytes: () => Buffer.from(headerText(Random.of(seed, path), path, content.kind, content.size)),
    executable,
  };
}

const TOTAL_WEIGHT = PLACES.reduce((sum, place) => sum + place.weight, 0);

function weighted(random: Random): Place {
  let at = random.below(TOTAL_WEIGHT);
  for (const place of PLACES) {
    if (at < place.weight) return place;
    at -= place.weight;
  }
  throw new RangeError('Cannot deal past the total weight');
}

/** Names that are not taken. Every wrapper directory uses the same names in the same order, so their contents are equal. */
class Namer {
  readonly #taken: Set<string>;
  readonly #wrappers = new Map<string, number>();
  readonly #seed: number;

  constructor(seed: number, taken: Iterable<string>) {
    this.#seed = seed;
    this.#taken = new Set(taken);
  }

  header(random: Random, place: Place): string {
    const first = subject(random);
    const stem = random.chance(30)
      ? first
      : `${first}${random.pick(['_', '-', ''])}${random.chance(50) ? field(random) : verb(random)}`;
    let path = `${place.directory}/${place.prefix}${stem}.h`;
    for (let n = 2; this.#taken.has(path); n++) path = `${place.directory}/${place.prefix}${stem}${n}.h`;
    this.#taken.add(path);
    return path;
  }

  wrapper(directory: string): string {
    const index = this.#wrappers.get(directory) ?? 0;
    this.#wrappers.set(directory, index + 1);
    return `${subject(Random.of(this.#seed, `wrapper ${index}`))}_${index}.h`;
  }
}
