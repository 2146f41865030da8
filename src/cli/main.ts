#!/usr/bin/env node
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
    if (reason === null) return await (await import('./start.js')).start(process.argv.slice(2));
    process.stderr.write(`kheaders-pack: ${reason}\n`);
  } catch (error) {
    const [first] = String(error).split('\n');
    process.stderr.write(`kheaders-pack: Cannot load the program: ${first}\n`);
  }
  return TROUBLE;
}
