import { makeScratchDirectory, removeTemporary } from '../../archive/temporary.js';
import type { Rebuilt } from '../../archive/verify/packArguments.js';
import { verifyForRebuilds } from '../../archive/verify/verify.js';
import { KheadersPackError } from '../../errors.js';
import type { VerifyReport } from '../../model/verifyReport.js';
import type { ReadingOptions } from '../../settings/reading.js';
import type { VerifyOptions } from '../../settings/verify.js';
import { type Circumstances, FACTORS, together } from './circumstances.js';
import { copySelected } from './copy.js';
import { rebuildUnder } from './rebuilds.js';

/** What varied circumstances did. `verify --vary --json` prints it; within one `schema` number, fields are only added. */
export interface VaryReport {
  readonly schema: 'kheaders-pack/vary/1';
  /** How the archive compares with a rebuild under the circumstances here. */
  readonly verify: VerifyReport;
  /** SHA-256 of that rebuild's archive. */
  readonly sha256: string;
  /** `reproduced` where the archive is, and no circumstance matters. */
  readonly verdict: 'reproduced' | 'not reproduced';
  readonly factors: readonly FactorReport[];
  /** Whether it takes several of them at once: together they give another archive, and none does alone. */
  readonly isCombination: boolean;
}

export interface FactorReport {
  readonly factor: string;
  readonly values: readonly string[];
  /** The values that alone give another archive; empty where none does. */
  readonly matters: readonly string[];
}

/**
 * Verifies an archive and then rebuilds it under varied circumstances, each time in a process of its own.
 *
 * All factors are varied at once, in a few rebuilds; where one of them gives another archive, each value is tried alone,
 * to find the one that matters. Of an archive that is bad or unsupported there is nothing to compare rebuilds with, and
 * that is told as `verify` tells it.
 *
 * @throws KheadersPackError as `verify` does
 */
export async function vary(
  archive: ReadingOptions['archive'],
  options: VerifyOptions,
): Promise<VaryReport | VerifyReport> {
  if ((options.trees ?? []).length === 0) {
    const reason = 'it says how a TREE is rebuilt';
    throw new KheadersPackError('E_OPTION_CONFLICT', { first: '--vary', second: 'no TREE', reason });
  }
  const { report, rebuilt } = await verifyForRebuilds(archive, options);
  if (rebuilt === null) return report;
  const copies = new Copies(rebuilt);
  const notice = options.onNotice ?? (() => undefined);
  const signal = options.signal ?? new AbortController().signal;
  const run = async (label: string, circumstances: Circumstances): Promise<string> => {
    notice(`Rebuilding with ${label}`);
    return rebuildUnder(circumstances.isCopied === true ? await copies.made() : rebuilt, circumstances, signal);
  };
  try {
    const sha256 = await run('nothing varied', {});
    const rounds =
      FACTORS[0]?.values.map((_, i) => FACTORS.map(({ name, values }) => ({ name, value: values[i] }))) ?? [];
    let isSame = true;
    for (const round of rounds) {
      const label = round.map(({ name, value }) => `${name} ${value?.[0]}`).join(', ');
      isSame = (await run(label, together(round.map(({ value }) => value?.[1] ?? {})))) === sha256 && isSame;
    }
    const factors: FactorReport[] = [];
    for (const { name, values } of FACTORS) {
      const matters: string[] = [];
      for (const [label, circumstances] of isSame ? [] : values) {
        if ((await run(`${name} ${label}`, circumstances)) !== sha256) matters.push(label);
      }
      factors.push({ factor: name, values: values.map(([label]) => label), matters });
    }
    const isCombination = !isSame && factors.every(({ matters }) => matters.length === 0);
    const isEnough =
      report.verdict === 'reproduced' || (options.contents === true && report.verdict === 'contents reproduced');
    const verdict = isSame && isEnough ? 'reproduced' : 'not reproduced';
    return { schema: 'kheaders-pack/vary/1', verify: report, sha256, verdict, factors, isCombination };
  } finally {
    copies.remove();
  }
}

/** A copy of the files, made when it is asked for. */
class Copies {
  readonly #rebuilt: Rebuilt;
  #directory: string | null = null;
  #copy: Rebuilt | null = null;

  constructor(rebuilt: Rebuilt) {
    this.#rebuilt = rebuilt;
  }

  async made(): Promise<Rebuilt> {
    if (this.#copy !== null) return this.#copy;
    this.#directory = makeScratchDirectory('vary');
    this.#copy = await copySelected(this.#rebuilt, this.#directory);
    return this.#copy;
  }

  remove(): void {
    if (this.#directory !== null) removeTemporary(this.#directory);
  }
}
