import { SingleBar } from 'cli-progress';
import { visible } from '../bytes/bytePath.js';
import type { BenchProgress } from '../model/bench.js';
import { BAR_STYLE, barWidth } from './progressBar.js';

/** Milliseconds between lines where there is no terminal. */
const LINE_EVERY = 30_000;

/**
 * Progress of a sweep: on a terminal a bar with runs, time left and what runs now; elsewhere a line of the same each half
 * minute, since a sweep may take hours, and a log that says nothing looks like a program that hangs.
 */
export class BenchProgressBar {
  readonly #isWanted: boolean;
  readonly #isTerminal: boolean;
  #bar: SingleBar | null = null;
  #lines: NodeJS.Timeout | null = null;
  #latest: BenchProgress | null = null;

  constructor(isWanted: boolean, isTerminal: boolean) {
    this.#isWanted = isWanted;
    this.#isTerminal = isTerminal;
  }

  show(progress: BenchProgress): void {
    this.#latest = progress;
    if (!this.#isWanted) return;
    if (!this.#isTerminal) {
      this.#lines ??= setInterval(() => this.#writeLine(), LINE_EVERY).unref();
      return;
    }
    this.#bar ??= this.#begin();
    this.#bar.setTotal(progress.total);
    this.#bar.update(progress.done, { name: progress.name, left: leftText(progress.secondsLeft) });
  }

  /** A line above the bar. */
  note(text: string): void {
    if (!this.#isWanted) return;
    this.#endBar();
    process.stderr.write(`${visible(text)}\n`);
  }

  /**
   * The sweep comes to no end: what becomes of the runs that there are.
   *
   * @param file where they are kept; undefined where they are not
   */
  stopped(file: string | undefined): void {
    const runs = this.#latest?.runs ?? 0;
    if (runs > 0) {
      const lost = `Runs lost: ${runs} (--resume FILE keeps them)`;
      this.note(file === undefined ? lost : `Runs kept in "${file}": ${runs} (the same command goes on from there)`);
    }
    this.end();
  }

  end(): void {
    this.#endBar();
    if (this.#lines !== null) clearInterval(this.#lines);
    this.#lines = null;
  }

  #endBar(): void {
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

  #writeLine(): void {
    if (this.#latest === null) return;
    const { done, total, secondsLeft, name } = this.#latest;
    process.stderr.write(`${done} of ${total} runs${leftText(secondsLeft)}: ${visible(name)}\n`);
  }
}

function leftText(seconds: number | null): string {
  if (seconds === null) return '';
  const whole = Math.ceil(seconds);
  return whole < 120 ? `, ${whole} s left` : `, ${Math.ceil(whole / 60)} min left`;
}
