import { SingleBar } from 'cli-progress';
import type { BenchProgress } from '../model/bench.js';
import { BAR_STYLE, barWidth } from './progressBar.js';

/** Progress of a sweep on a terminal: bar, runs, time left, what runs now. Elsewhere it draws nothing. */
export class BenchProgressBar {
  readonly #isShown: boolean;
  #bar: SingleBar | null = null;

  constructor(isWanted: boolean) {
    this.#isShown = isWanted && process.stderr.isTTY === true;
  }

  show(progress: BenchProgress): void {
    if (!this.#isShown) return;
    this.#bar ??= this.#begin();
    this.#bar.setTotal(progress.total);
    this.#bar.update(progress.done, { name: progress.name, left: leftText(progress.secondsLeft) });
  }

  /** A line above the bar. */
  note(text: string): void {
    this.end();
    process.stderr.write(`${text}\n`);
  }

  end(): void {
    this.#bar?.stop();
    this.#bar = null;
  }

  #begin(): SingleBar {
    const bar = new SingleBar({
      format: '[{bar}] {value} of {total} runs{left}  {name}',
      ...BAR_STYLE,
      barsize: barWidth(process.stderr.columns),
    });
    bar.start(1, 0, { name: '', left: '' });
    return bar;
  }
}

function leftText(seconds: number | null): string {
  if (seconds === null) return '';
  const whole = Math.ceil(seconds);
  return whole < 120 ? `, ${whole} s left` : `, ${Math.ceil(whole / 60)} min left`;
}
