/**
 * In which order the workers take the Blocks. It decides how long a pack takes and nothing else: the archive has them in
 * the plan's order whatever happens here.
 *
 * Workers take the next Block whenever they are free. In the plan's order one would still work on a large Block that came
 * late while the others stand idle. So the last `window` Blocks are taken largest first: what is left for the end is small.
 *
 * @param sizes bytes of each Block
 * @param window how many of the last Blocks may be taken out of order
 * @returns indexes of the Blocks, each once
 */
export function scheduleBlocks(sizes: readonly number[], window: number): number[] {
  const indexes = sizes.map((_, i) => i);
  const tail = indexes.splice(Math.max(0, sizes.length - window));
  return [...indexes, ...tail.sort((a, b) => (sizes[b] ?? 0) - (sizes[a] ?? 0))];
}
