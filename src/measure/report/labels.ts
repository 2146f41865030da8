/** A point in CSS pixels and the text that stands beside it. */
export interface Labelled {
  readonly x: number;
  readonly y: number;
  readonly text: string;
}

/** Where a text stands, from its point, in CSS pixels: the middle of the text. */
export interface Offset {
  readonly dx: number;
  readonly dy: number;
}

const CHARACTER = 7.5;
const LINE = 13;
const GAP = 5;
/** A text that is cut off is worse than one over so many others. */
const CUT = 3;

interface Box {
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly bottom: number;
}

/**
 * A place for each text such that none covers another or a point, as far as that is possible: each in turn takes the first of some
 * places around its point that is free, or the one in which it collides least.
 *
 * @param width of the picture, in CSS pixels: what is beside it is not seen
 */
export function placeLabels(points: readonly Labelled[], width: number): Offset[] {
  const taken: Box[] = points.map(({ x, y }) => ({ left: x - GAP, right: x + GAP, top: y - GAP, bottom: y + GAP }));
  return points.map(point => {
    const half = (point.text.length * CHARACTER) / 2;
    const candidates = candidatesFor(half).map(offset => {
      const box = boxAt(point, offset, half);
      const isCut = box.left < 0 || box.right > width;
      return { offset, box, collisions: taken.filter(other => overlaps(box, other)).length + (isCut ? CUT : 0) };
    });
    const best = candidates.reduce((a, b) => (b.collisions < a.collisions ? b : a));
    taken.push(best.box);
    return best.offset;
  });
}

function candidatesFor(half: number): Offset[] {
  const away = [0, LINE, 2 * LINE];
  return away.flatMap(more => {
    const beside = half + GAP + 2 + more / 2;
    const above = LINE / 2 + GAP + 1 + more;
    return [
      { dx: beside, dy: 0 },
      { dx: -beside, dy: 0 },
      { dx: 0, dy: -above },
      { dx: 0, dy: above },
      { dx: beside, dy: -above },
      { dx: beside, dy: above },
      { dx: -beside, dy: -above },
      { dx: -beside, dy: above },
    ];
  });
}

function boxAt(point: Labelled, { dx, dy }: Offset, half: number): Box {
  const [x, y] = [point.x + dx, point.y + dy];
  return { left: x - half, right: x + half, top: y - LINE / 2, bottom: y + LINE / 2 };
}

function overlaps(a: Box, b: Box): boolean {
  return a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom;
}
