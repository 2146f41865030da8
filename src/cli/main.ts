#!/usr/bin/env node
import { asked, DEFAULT_COMMAND, READING } from './names.js';
import { refusal } from './nodeVersion.js';

const TROUBLE = 2;

process.exitCode = await main(refusal(process.versions.node));

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
    const { start } = await import('./readAlone.js');
    return start(args, ahead);
  }
  const { start } = await (names.every(name => name === DEFAULT_COMMAND)
    ? import('./packAlone.js')
    : import('./program.js'));
  return start(args);
}
