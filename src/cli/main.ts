#!/usr/bin/env node
import { asked, type CommandName, DEFAULT_COMMAND, READING } from './names.js';
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
      const { start } = await programFor(asked(args));
      return await start(args);
    }
    process.stderr.write(`kheaders-pack: ${reason}\n`);
  } catch (error) {
    const [first] = String(error).split('\n');
    process.stderr.write(`kheaders-pack: Cannot load the program: ${first}\n`);
  }
  return TROUBLE;
}

/** The smallest bundle that has these commands. */
function programFor(names: readonly CommandName[]): Promise<{ start(args: readonly string[]): Promise<number> }> {
  if (names.every(name => name === DEFAULT_COMMAND)) return import('./packAlone.js');
  if (names.every(name => READING.includes(name))) return import('./readAlone.js');
  return import('./program.js');
}
