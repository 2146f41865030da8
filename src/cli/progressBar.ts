import { createRequire } from 'node:module';
import type CliProgress from 'cli-progress';
import { visible } from '../bytes/bytePath.js';
import { formatSize } from '../bytes/size.js';
import type { Progress } from '../model/progress.js';

const WORDS: Readonly<Record<Progress['stage'], string>> = {
  walk: 'Finding headers',
  scan: 'Reading',
  plan: 'Planning',
  compress: 'Compressing',
  decode: 'Reading archive',
  extract: 'Extracting',
  compare: 'Comparing',
};

/** How bars are drawn, whatever they show. */
export const BAR_STYLE = {
  stream: process.stderr,
  barCompleteChar: '=',
  barIncompleteChar: ' ',
  clearOnComplete: true,
  hideCursor: null,
  gracefulExit: false,
  linewrap: null,
} as const;

/** Columns of the longest line without its bar, for inputs below 1 GiB. */
const WORDS_WIDTH = 70;
const BAR_WIDTH = { least: 8, most: 24 } as const;
/** Seconds before a rate is told: the first bytes of a stage come all at once. */
const RATE_AFTER = 1;

/**
 * Progress on a terminal: stage, bar, bytes, rate, time left. Elsewhere it draws nothing. It draws ten times a second at
 * most, from the main thread, which has nothing else to do while the workers compress.
 */
export class ProgressBar {
  readonly #isShown: boolean;
  #bar: CliProgress.SingleBar | null = null;
  #stage: Progress['stage'] | null = null;
  /** Where the stage began: `performance.now()`, and the bytes that were behind it already. */
  #start = { time: 0, bytes: 0 };

  constructor(isWanted: boolean) {
    this.#isShown = isWanted && process.stderr.isTTY === true;
  }

  show(progress: Progress): void {
    if (!this.#isShown) return;
    const { stage, bytes, totalBytes } = progress;
    if (stage !== this.#stage) this.#begin(progress);
    const seconds = (performance.now() - this.#start.time) / 1000;
    this.#bar?.update(bytes, progressWords(bytes, totalBytes, bytes - this.#start.bytes, seconds));
  }

  /** A line above the bar. */
  note(text: string): void {
    this.end();
    process.stderr.write(`${visible(text)}\n`);
  }

  end(): void {
    this.#bar?.stop();
    this.#bar = null;
    this.#stage = null;
  }

  #begin({ stage, bytes, totalBytes }: Progress): void {
    this.end();
    this.#stage = stage;
    this.#start = { time: performance.now(), bytes };
    // Loaded late: it is not needed where there is no terminal.
    const { SingleBar } = createRequire(import.meta.url)('cli-progress') as typeof CliProgress;
    this.#bar = new SingleBar({
      format: totalBytes === null ? '{stage} {size}' : '{stage} [{bar}] {percentage}% {size} {rate} {left}',
      ...BAR_STYLE,
      barsize: barWidth(process.stderr.columns),
    });
    this.#bar.start(totalBytes ?? 0, 0, { stage: WORDS[stage], size: '', rate: '', left: '' });
  }
}

/** Columns of the bar on a terminal of so many: the words go first. */
export function barWidth(columns: number): number {
  return Math.min(BAR_WIDTH.most, Math.max(BAR_WIDTH.least, columns - WORDS_WIDTH));
}

/** What stands beside the bar. `moved` are the bytes of the `seconds` that the stage has been seen for. */
export function progressWords(
  bytes: number,
  totalBytes: number | null,
  moved: number,
  seconds: number,
): Record<'size' | 'rate' | 'left', string> {
  const rate = seconds < RATE_AFTER ? 0 : moved / seconds;
  const of = totalBytes === null ? '' : ` of ${formatSize(totalBytes)}`;
  return {
    size: bytes === 0 ? '' : `${formatSize(bytes)}${of}`,
    rate: rate === 0 ? '' : `${formatSize(rate)}/s`,
    left: rate === 0 || totalBytes === null ? '' : `${Math.ceil((totalBytes - bytes) / rate)} s left`,
  };
}
