#!/usr/bin/env node
import { run as runBundle, type Started } from './bundles.js';
import { asked, DEFAULT_COMMAND, READING } from './names.js';
import { refusal } from './nodeVersion.js';

const TROUBLE = 2;

/** An answer that nothing waits for any more never comes, and no answer is no good one. */
function withoutAnswer(): void {
  if (process.exitCode !== undefined) return;
  process.exitCode = TROUBLE;
  process.stderr.write('kheaders-pack: Internal error: it ended without an answer\n');
}

process.on('exit', withoutAnswer);
void main(refusal(process.versions.node)).then(exitCode => {
  process.off('exit', withoutAnswer);
  process.exitCode = exitCode;
});

/**
 * Everything else is loaded here: an older Node fails to, with words that help nobody, and where it cannot be loaded, for
 * want of descriptors say, Node would end with exit code 1, which is an answer.
 *
 * @param reason why it cannot run at all
 */
async function main(reason: string | null): Promise<number> {
  try {
    if (reason === null) {
      const args = process.argv.slice(2);
      return await run(args);
    }
    process.stderr.write(`kheaders-pack: ${reason}\n`);
  } catch (error) {
    const [first] = String(error).split('\n');
    process.stderr.write(`kheaders-pack: Cannot load the program: ${first}\n`);
  }
  return TROUBLE;
}

/** With the smallest bundle that has the commands. */
async function run(args: readonly string[]): Promise<number> {
  const names = asked(args);
  if (names.every(name => READING.includes(name))) {
    // Other commands need no thread so soon, or none at all.
    const { threadAhead } = await import('./ahead.js');
    const ahead = threadAhead(args);
    return load<typeof import('./readAlone.js')>('readAlone').start(args, ahead);
  }
  if (names.every(name => name === DEFAULT_COMMAND)) {
    return load<typeof import('./packAlone.js')>('packAlone').start(args);
  }
  return load<typeof import('./program.js')>('program').start(args);
}

function load<T>(name: Started): T {
  return runBundle(name).exports as T;
}
