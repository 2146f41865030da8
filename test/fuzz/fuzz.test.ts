import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Report } from './fuzzer.js';
import { TARGETS } from './targets.js';
import { fuzzWatched } from './watched.js';

/** The same inputs each time: a guard against what was mended once. `npm run fuzz` goes further, and elsewhere. */
const SEED = 1;
/** CPU seconds after which a target is given up, whatever the machine; a tenth of that is usual. */
const SECONDS_MAX = 60;

describe('fuzzing finds nothing wrong in', () => {
  for (const [name, { executions, coversAtLeast }] of Object.entries(TARGETS)) {
    it(`${name}, in ${executions} executions that reach ${100 * coversAtLeast} % of its code`, async context => {
      const report = await fuzzWatched(name, { executions, seconds: SECONDS_MAX }, SEED);
      assert.deepEqual(describeFindings(report), []);
      assert.ok(report.executions >= executions, `${report.executions} executions`);
      assert.ok(
        report.covered >= coversAtLeast,
        `${(100 * report.covered).toFixed(1)} %:\n${report.missing.join('\n')}`,
      );
      context.diagnostic(`${(100 * report.covered).toFixed(1)} %, ${report.read} read, ${report.compared} compared`);
    });
  }
});

describe('the fuzzer finds', () => {
  const findings = async (name: string, executions: number, stuck = 60): Promise<string[]> =>
    (await fuzzWatched(name, { executions, seconds: SECONDS_MAX }, SEED, stuck)).findings.map(({ reason }) => reason);

  it('what lies behind comparisons that chance does not pass', async () => {
    const [reason] = await findings('maze', 150_000);
    assert.match(reason ?? '', /^TypeError: at the end of the maze/);
  });

  it('an input that is never read to its end', async () => {
    assert.match((await findings('endless', 20_000, 1)).join(), /^it is not read within 1 s/);
  });

  it('an input that takes long, or much memory', async () => {
    assert.match((await findings('slow', 10)).join(), /^it takes \d\.\d\d CPU seconds/);
    assert.match((await findings('greedy', 12)).join(), /it takes \d{3} MiB of memory/);
  });

  it('an input that another program reads differently', async () => {
    assert.match((await findings('disagreeing', 200)).join(), /^another reading/);
  });
});

function describeFindings({ findings }: Report): string[] {
  return findings.map(({ reason, input }) => `${reason}\n${Buffer.from(input).toString('base64')}`);
}
