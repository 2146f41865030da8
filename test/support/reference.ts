import { fileURLToPath } from 'node:url';
import { wholeProgram } from '../../src/cli/program.js';
import { type CommandReference, commandsOf, referenceOf } from '../../src/cli/reference/reference.js';
import { packageFile } from '../../src/version.js';

/** The command line's own definitions, as manual and completions are made from them. */
export const REFERENCE: CommandReference = referenceOf(await wholeProgram());

/** Every command by what a line of it begins with: `kheaders-pack cache info`. */
export const COMMANDS: ReadonlyMap<string, CommandReference> = commandsOf(REFERENCE);

/** A file that the build wrote for a system's `/usr/share`. */
export function shared(place: string): string {
  return fileURLToPath(packageFile(`dist/share/${place}`));
}
