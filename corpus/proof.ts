import { readFileSync } from 'node:fs';
import { CorpusError } from './command.js';

/** Clock ticks of /proc/PID/stat in a second. Linux on every architecture that Node runs on. */
const TICKS = 100;
/** Fields of /proc/PID/stat behind the command's name: user and system time of the children that were waited for. */
const CHILDREN_USER = 13;
const CHILDREN_SYSTEM = 14;

/** What the proof did, line by line, with the time each step took. */
export class Transcript {
  readonly #start = performance.now();

  say(line: string): void {
    process.stdout.write(`${line}\n`);
  }

  /** Does a step, and says how long it took: wall-clock, and processor time of all the programs that it ran. */
  step<T>(name: string, work: () => T): T {
    this.say(`== ${name}`);
    const start = performance.now();
    const cpu = childrenSeconds();
    const result = work();
    this.say(`   ${seconds(performance.now() - start)} s, ${(childrenSeconds() - cpu).toFixed(2)} CPU s`);
    return result;
  }

  /** The last line. */
  end(verdict: string): void {
    this.say(`${verdict}: ${seconds(performance.now() - this.#start)} s, ${childrenSeconds().toFixed(2)} CPU s in all`);
  }
}

/** A claim that has to hold. */
export class ProofError extends Error {
  override readonly name = 'ProofError';
}

/** @throws ProofError */
export function claim(isTrue: boolean, text: string): void {
  if (!isTrue) throw new ProofError(`Not so: ${text}`);
}

/**
 * Runs a proof, and tells what became of it.
 *
 * @returns the exit code: 0 all claims hold, 1 one does not, 2 trouble
 */
export function prove(work: (transcript: Transcript) => void): number {
  outliveSignals();
  const transcript = new Transcript();
  try {
    work(transcript);
    transcript.end('all claims hold');
    return 0;
  } catch (error) {
    if (!(error instanceof ProofError || error instanceof CorpusError)) throw error;
    transcript.say(error.message);
    transcript.end('stopped');
    return error instanceof ProofError ? 1 : 2;
  }
}

/** With a listener, a signal ends the command under way and not us, so that what has to be put right is. */
export function outliveSignals(): void {
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => undefined);
}

function childrenSeconds(): number {
  const stat = readFileSync('/proc/self/stat', 'latin1');
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return (Number(fields[CHILDREN_USER]) + Number(fields[CHILDREN_SYSTEM])) / TICKS;
}

function seconds(milliseconds: number): string {
  return (milliseconds / 1000).toFixed(2);
}
