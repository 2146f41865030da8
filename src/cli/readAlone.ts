import { offerThread } from '../pool/decodeThread.js';
import type { ThreadAhead } from '../pool/threadAhead.js';
import { catCommand } from './catCommand.js';
import { type Commands, runCommand } from './commandLine.js';
import { extractCommand } from './extractCommand.js';
import { listCommand } from './listCommand.js';
import { startWith } from './start.js';
import { verifyCommand } from './verifyCommand.js';

const COMMANDS: Commands = {
  list: async program => listCommand(program),
  cat: async program => catCommand(program),
  extract: async program => extractCommand(program),
  verify: async (program, outcome) => verifyCommand(program, outcome),
};

/**
 * As `start` in `program.ts`, for lines that name no other commands than `READING`: they are bundled apart (`bundle.mjs`).
 *
 * @param ahead a thread that decodes, started already
 */
export function start(args: readonly string[], ahead: ThreadAhead | null): Promise<number> {
  if (ahead !== null) offerThread(ahead);
  return startWith(args, line => runCommand(line, COMMANDS));
}
