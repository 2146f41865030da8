/** Orders `6.1.0-9` before `6.1.0-56`: runs of digits as numbers, one after the other; what stands between does not count. */
export function byNumbers(a: string, b: string): number {
  const left = numbersOf(a);
  const right = numbersOf(b);
  for (const [i, number] of left.entries()) {
    const difference = number - (right[i] ?? -1);
    if (difference !== 0) return difference;
  }
  return left.length - right.length;
}

function numbersOf(version: string): number[] {
  return (version.match(/\d+/g) ?? []).map(Number);
}
