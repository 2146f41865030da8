import type { BenchResult, Contended } from './result.js';

/** What of ours beats a peer in both size and time. */
export interface Answer {
  readonly peer: Contended;
  /** The smallest, of equals the fastest, that was given the peer's tar, or made the same; null where there is none. */
  readonly onSameTar: Contended | null;
  /** The smallest of those with another tar inside: they strip or order otherwise. */
  readonly otherwise: Contended | null;
}

/** For each peer, ours that is both smaller and faster, by the medians. */
export function answersOf({ contenders, input }: BenchResult): Answer[] {
  const ours = contenders
    .filter(({ kind }) => kind === 'ours')
    .toSorted((a, b) => a.bytes - b.bytes || a.seconds.median - b.seconds.median);
  return contenders
    .filter(({ kind }) => kind === 'peer')
    .map(peer => {
      const better = ours.filter(each => each.bytes < peer.bytes && each.seconds.median < peer.seconds.median);
      const isSame = (each: Contended): boolean => each.tarBytes === input.tarBytes;
      return {
        peer,
        onSameTar: better.find(isSame) ?? null,
        otherwise: better.find(each => !isSame(each)) ?? null,
      };
    });
}

/** How much smaller and faster, and whether the intervals leave that open: `0.4 % smaller, 3.1 times as fast`. */
export function gainText(ours: Contended, peer: Contended): string {
  const smaller = (100 * (peer.bytes - ours.bytes)) / peer.bytes;
  const faster = peer.seconds.median / ours.seconds.median;
  const open = ours.seconds.high < peer.seconds.low ? '' : ' (the intervals overlap)';
  return `${smaller.toFixed(smaller < 1 ? 2 : 1)} % smaller, ${faster.toFixed(2)} times as fast${open}`;
}

/** What the intervals of the times are worth. */
export function intervalText(contenders: readonly Contended[]): string {
  const coverage = Math.min(...contenders.map(({ seconds }) => seconds.coverage));
  if (coverage === 0) return 'of one run it says nothing';
  return `of the median, with ${(100 * coverage).toFixed(0)} % confidence or more`;
}
