import { readFileSync } from 'node:fs';
import { type Profiler, Session } from 'node:inspector';
import { fileURLToPath } from 'node:url';

/**
 * Which code this thread has run, by V8's precise block coverage: source characters of functions, each counted with the
 * innermost function that it lies in. What a module does when it is loaded does not count.
 *
 * Counting itself costs little; asking for the counts takes milliseconds. So the fuzzer asks once for many inputs, and
 * for each of them only when something was new.
 */
export class Coverage {
  readonly #session = new Session();
  readonly #scripts = new Map<string, Script>();
  readonly #prefixes: readonly string[];

  /** @param prefixes of the paths of the modules that count. To be made before they are loaded. */
  constructor(prefixes: readonly string[]) {
    this.#prefixes = prefixes;
    this.#session.connect();
    this.#post('Profiler.enable');
    this.#post('Profiler.startPreciseCoverage', { callCount: true, detailed: true });
  }

  /** Whether code ran since the last call of either that had not run by the last call of `mark`. */
  hasNews(): boolean {
    return this.#take()
      .map(({ script, result }) => script.see(result.functions, false))
      .includes(true);
  }

  /** As `hasNews`, and what ran counts as run from now on. */
  mark(): boolean {
    return this.#take()
      .map(({ script, result }) => script.see(result.functions, true))
      .includes(true);
  }

  /** Share of the functions' characters that have run, from 0 to 1. */
  get share(): number {
    const counts = [...this.#scripts.values()].map(script => script.counts());
    const total = counts.reduce((sum, { all }) => sum + all, 0);
    return total === 0 ? 0 : counts.reduce((sum, { run }) => sum + run, 0) / total;
  }

  /** What has not run, for people: path, line and the beginning of each piece. */
  missing(): string[] {
    return [...this.#scripts].flatMap(([path, script]) =>
      script.missing(readFileSync(path, 'utf8')).map(piece => `${path}:${piece}`),
    );
  }

  #take(): { script: Script; result: Profiler.ScriptCoverage }[] {
    const { result } = this.#post('Profiler.takePreciseCoverage') as Profiler.TakePreciseCoverageReturnType;
    return result.flatMap(each => {
      const script = this.#scriptOf(each.url);
      return script === null ? [] : [{ script, result: each }];
    });
  }

  #scriptOf(url: string): Script | null {
    if (!url.startsWith('file:')) return null;
    const path = fileURLToPath(url);
    if (!this.#prefixes.some(prefix => path.startsWith(prefix))) return null;
    const script = this.#scripts.get(path) ?? new Script();
    this.#scripts.set(path, script);
    return script;
  }

  /** Answers come before `post` returns: the session is this thread's own. */
  #post(method: string, parameters: object = {}): unknown {
    let answer: unknown;
    this.#session.post(method, parameters, (error, result) => {
      if (error !== null) throw error;
      answer = result;
    });
    return answer;
  }
}

const NOT_RUN = 0;
const RUN = 1;

class Script {
  /** By "start:end", the number that stands for the function in `#owner`. */
  readonly #functions = new Map<string, number>();
  /** For each character the innermost function that it lies in; 0 for the module's own. */
  #owner = new Uint16Array(0);
  #state = new Uint8Array(0);

  /** @returns whether one of the functions ran where it never had */
  see(functions: readonly Profiler.FunctionCoverage[], mark: boolean): boolean {
    // Functions come in the order of their starts, so an inner one takes its characters from the outer.
    const numbers = functions.map(each => this.#numberOf(each));
    let isNew = false;
    for (const [i, { ranges }] of functions.entries()) {
      for (const [from, to] of executed(ranges)) {
        for (let at = from; at < to; at++) {
          if (this.#owner[at] !== numbers[i] || this.#state[at] === RUN) continue;
          isNew = true;
          if (!mark) return true;
          this.#state[at] = RUN;
        }
      }
    }
    return isNew;
  }

  counts(): { run: number; all: number } {
    let [run, all] = [0, 0];
    for (let at = 0; at < this.#owner.length; at++) {
      if (this.#owner[at] === 0) continue;
      all++;
      if (this.#state[at] === RUN) run++;
    }
    return { run, all };
  }

  /** The pieces of functions that have not run: the number and the text of their first lines. */
  missing(source: string): string[] {
    const pieces: string[] = [];
    for (let at = 0; at < this.#owner.length; at++) {
      const isMissing = (i: number): boolean => this.#owner[i] !== 0 && this.#state[i] === NOT_RUN;
      if (!isMissing(at) || (at > 0 && isMissing(at - 1))) continue;
      const text = source.slice(at).trimStart().split('\n')[0] ?? '';
      pieces.push(`${source.slice(0, at).split('\n').length} ${text.trim()}`);
    }
    return pieces;
  }

  #numberOf({ ranges }: Profiler.FunctionCoverage): number {
    const [whole] = ranges;
    if (whole === undefined) return 0;
    const { startOffset: start, endOffset: end } = whole;
    const known = this.#functions.get(`${start}:${end}`);
    if (known !== undefined) return known;
    this.#grow(end);
    // The first is the module itself.
    const number = this.#functions.size;
    this.#functions.set(`${start}:${end}`, number);
    this.#owner.fill(number, start, end);
    return number;
  }

  #grow(length: number): void {
    if (length <= this.#owner.length) return;
    const [owner, state] = [new Uint16Array(length), new Uint8Array(length)];
    owner.set(this.#owner);
    state.set(this.#state);
    this.#owner = owner;
    this.#state = state;
  }
}

/** The parts of a function that ran, of its nested ranges: an inner one says otherwise than the one around it. */
function executed(ranges: readonly Profiler.CoverageRange[]): [from: number, to: number][] {
  const parts: [number, number][] = [];
  const open: Profiler.CoverageRange[] = [];
  let at = 0;
  const passTo = (to: number): void => {
    if (to > at && (open.at(-1)?.count ?? 0) > 0) parts.push([at, to]);
    at = to;
  };
  const closeUpTo = (offset: number): void => {
    for (let last = open.at(-1); last !== undefined && last.endOffset <= offset; last = open.at(-1)) {
      passTo(last.endOffset);
      open.pop();
    }
  };
  for (const range of ranges) {
    closeUpTo(range.startOffset);
    passTo(range.startOffset);
    open.push(range);
  }
  closeUpTo(Number.POSITIVE_INFINITY);
  return parts;
}
