import type { Coverage } from './coverage.js';
import { mutated } from './mutate.js';
import type { Random } from './random.js';
import type { Target } from './target.js';

/** How long a target is fuzzed: until one of the two is used up. */
export interface Budget {
  readonly executions: number;
  /** CPU seconds. */
  readonly seconds: number;
}

/** An input that breaks what has to hold, and how. */
export interface Finding {
  readonly reason: string;
  readonly input: Uint8Array;
}

/** What fuzzing a target came to. */
export interface Report {
  readonly executions: number;
  /** Inputs that were read to their end, and not refused. */
  readonly read: number;
  /** Inputs that were kept because each ran code that none before had. */
  readonly corpus: number;
  /** Inputs that another program was asked about. */
  readonly compared: number;
  /** Share of the target's code that ran, from 0 to 1. */
  readonly covered: number;
  /** Pieces of code that never ran. */
  readonly missing: readonly string[];
  readonly findings: readonly Finding[];
}

/** CPU seconds that an input may take, whatever its size; some milliseconds are usual. */
const SECONDS_MAX = 1;
/** Bytes by which one input may raise the process's peak. */
const MEMORY_MAX = 160 * 2 ** 20;
/** Inputs between two looks at the coverage. */
const BATCH_MAX = 128;
const BATCH_MIN = 4;
/** More of them tell nothing new. */
const FINDINGS_MAX = 5;

/**
 * Fuzzes a target: changes inputs of the corpus at random, and keeps those that run new code.
 *
 * @param onInput told of each input before it is read, and null behind it, for whoever watches that it ends
 */
export async function fuzz(
  target: Target,
  coverage: Coverage,
  budget: Budget,
  random: Random,
  onInput: (input: Buffer | null) => void,
): Promise<Report> {
  const runner = new Runner(target, onInput);
  const corpus: Buffer[] = [];
  for (const seed of target.seeds) {
    await runner.run(seed);
    corpus.push(seed);
  }
  coverage.mark();
  const start = cpuSeconds();
  const isSpent = (): boolean =>
    runner.executions >= budget.executions ||
    cpuSeconds() - start >= budget.seconds ||
    runner.findings.length >= FINDINGS_MAX;
  const sample = { read: new Sample(target.sampled, random), refused: new Sample(target.sampled, random) };
  for (let size = BATCH_MIN; !isSpent(); ) {
    const batch = Array.from({ length: size }, () => nextInput(target, corpus, random));
    for (const input of batch) sample[(await runner.run(input)) ? 'read' : 'refused'].add(input);
    if (!coverage.hasNews()) {
      size = Math.min(BATCH_MAX, 2 * size);
      continue;
    }
    size = Math.max(BATCH_MIN, size >> 2);
    for (const input of batch) {
      await runner.run(input);
      if (coverage.mark()) corpus.push(input);
    }
  }
  const { compared, disagreements } = await target.compare([
    ...corpus,
    ...sample.read.inputs,
    ...sample.refused.inputs,
  ]);
  return {
    executions: runner.executions,
    read: runner.read,
    corpus: corpus.length - target.seeds.length,
    compared,
    covered: coverage.share,
    missing: coverage.missing(),
    findings: [...runner.findings, ...disagreements.slice(0, FINDINGS_MAX)],
  };
}

function nextInput(target: Target, corpus: readonly Buffer[], random: Random): Buffer {
  // Half of them from what was found last: that is where new code is.
  const parent = random.pick(random.once(2) ? corpus.slice(-8) : corpus);
  return target.mend(mutated(parent, random.pick(corpus), target, random), random);
}

/** Runs inputs, one after the other, and notes what must not be. */
class Runner {
  readonly findings: Finding[] = [];
  executions = 0;
  read = 0;
  readonly #target: Target;
  readonly #onInput: (input: Buffer | null) => void;

  constructor(target: Target, onInput: (input: Buffer | null) => void) {
    this.#target = target;
    this.#onInput = onInput;
  }

  /** @returns whether it was read */
  async run(input: Buffer): Promise<boolean> {
    this.#onInput(input);
    this.executions++;
    const start = cpuSeconds();
    const peak = process.resourceUsage().maxRSS;
    let isRead = false;
    try {
      isRead = await this.#target.check(input);
    } catch (error) {
      this.#note(input, error instanceof Error ? (error.stack ?? error.message) : String(error));
    }
    this.#onInput(null);
    const seconds = cpuSeconds() - start;
    if (seconds > SECONDS_MAX) this.#note(input, `it takes ${seconds.toFixed(2)} CPU seconds`);
    const more = (process.resourceUsage().maxRSS - peak) * 1024;
    if (more > MEMORY_MAX) this.#note(input, `it takes ${Math.round(more / 2 ** 20)} MiB of memory`);
    if (isRead) this.read++;
    return isRead;
  }

  /** The same failure of other inputs is one finding. */
  #note(input: Buffer, reason: string): void {
    const place = (text: string): string => text.split('\n').slice(0, 3).join('\n').replace(/\d+/g, '0');
    if (this.findings.some(finding => place(finding.reason) === place(reason))) return;
    this.findings.push({ reason, input });
  }
}

/** Some inputs of all that were tried, each as likely as any other. */
class Sample {
  readonly inputs: Buffer[] = [];
  readonly #size: number;
  readonly #random: Random;
  #seen = 0;

  constructor(size: number, random: Random) {
    this.#size = size;
    this.#random = random;
  }

  add(input: Buffer): void {
    const at = this.#random.below(++this.#seen);
    if (this.inputs.length < this.#size) this.inputs.push(input);
    else if (at < this.#size) this.inputs[at] = input;
  }
}

function cpuSeconds(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1e6;
}
