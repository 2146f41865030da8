import { runCommand } from './commandLine.js';
import { packCommand } from './packCommand.js';
import { startWith } from './start.js';

/** As `start` in `program.ts`, for lines that name no other command than `pack`: it is bundled apart (`bundle.mjs`). */
export function start(args: readonly string[]): Promise<number> {
  return startWith(args, line => runCommand(line, { pack: async program => packCommand(program) }));
}
