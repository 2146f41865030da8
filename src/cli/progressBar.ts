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

/**
 * Progress on a terminal: stage, bar, bytes, rate, time left. Elsewhere it draws nothing. It draws ten times a second at
 * most, from the main thread, which has nothing else to do while the workers compress.
 */
export class ProgressBar {
  readonly #isShown: boolean;
  #bar: CliProgress.SingleBar | null = null;
  #stage: Progress['stage'] | null = null;
  #since = 0;

  constructor(isWanted: boolean) {
    this.#isShown = isWanted && process.stderr.isTTY === true;
  }

  show(progress: Progress): void {
    if (!this.#isShown) return;
    const { stage, bytes, totalBytes } = progress;
    if (stage !== this.#stage) this.#begin(stage, totalBytes);
    this.#bar?.update(bytes, this.#words(bytes, totalBytes));
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

  #begin(stage: Progress['stage'], totalBytes: number | null): void {
    this.end();
    this.#stage = stage;
    this.#since = performance.now();
    // Loaded late: it is not needed where there is no terminal.
    const { SingleBar } = createRequire(import.meta.url)('cli-progress') as typeof CliProgress;
    this.#bar = new SingleBar({
      format: totalBytes === null ? '{stage} {size}' : '{stage} [{bar}] {percentage}% {size} {rate} {left}',
      stream: process.stderr,
      barsize: 24,
      barCompleteChar: '=',
      barIncompleteChar: ' ',
      clearOnComplete: true,
      hideCursor: null,
      gracefulExit: false,
      linewrap: null,
    });
    this.#bar.start(totalBytes ?? 0, 0, { stage: WORDS[stage], size: '', rate: '', left: '' });
  }

  #words(bytes: number, totalBytes: number | null): Record<string, string> {
    const seconds = (performance.now() - this.#since) / 1000;
    const rate = seconds > 0 ? bytes / seconds : 0;
    const of = totalBytes === null ? '' : ` of ${formatSize(totalBytes)}`;
    return {
      size: bytes === 0 ? '' : `${formatSize(bytes)}${of}`,
      rate: rate === 0 ? '' : `${formatSize(rate)}/s`,
      left: rate === 0 || totalBytes === null ? '' : `${Math.ceil((totalBytes - bytes) / rate)} s left`,
    };
  }
}
