#!/usr/bin/env node
// Where the program cannot even be loaded, for want of descriptors say, Node would end with exit code 1: an answer.
const TROUBLE = 2;
try {
  const { start } = await import('./start.js');
  process.exitCode = await start(process.argv.slice(2));
} catch (error) {
  const [reason] = String(error).split('\n');
  process.stderr.write(`kheaders-pack: Cannot load the program: ${reason}\n`);
  process.exitCode = TROUBLE;
}
