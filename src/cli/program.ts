import type { Command } from 'commander';
import { type Commands, programWith, runCommand } from './commandLine.js';
import { EXIT } from './exit.js';
import { COMMAND_NAMES } from './names.js';
import { startWith } from './start.js';

/** Each is loaded when it is asked for: what packing needs takes longer to load than a small archive to verify. */
const COMMANDS: Required<Commands> = {
  pack: async program => (await import('./packCommand.js')).packCommand(program),
  list: async program => (await import('./listCommand.js')).listCommand(program),
  cat: async program => (await import('./catCommand.js')).catCommand(program),
  extract: async program => (await import('./extractCommand.js')).extractCommand(program),
  verify: async (program, outcome) => (await import('./verifyCommand.js')).verifyCommand(program, outcome),
  diff: async (program, outcome) => (await import('./diffCommand.js')).diffCommand(program, outcome),
  bench: async (program, outcome) => (await import('./benchCommand.js')).benchCommand(program, outcome),
  cache: async (program, outcome) => (await import('./cacheCommand.js')).cacheCommand(program, outcome),
  kbuild: async program => (await import('./kbuildCommand.js')).kbuildCommand(program),
  module: async program => (await import('./moduleCommand.js')).moduleCommand(program),
  completion: async program => (await import('./completionCommand.js')).completionCommand(program, wholeProgram),
};

/** Runs a command line in a process of its own, and gives the exit code. */
export function start(args: readonly string[]): Promise<number> {
  return startWith(args, run);
}

/**
 * Runs a command line and gives its exit code.
 *
 * @throws KheadersPackError
 */
export function run(args: readonly string[]): Promise<number> {
  return runCommand(args, COMMANDS);
}

/** The program with every command, for whoever describes it or reads a line without running it. */
export function wholeProgram(): Promise<Command> {
  return programWith(COMMAND_NAMES, COMMANDS, { exitCode: EXIT.done }, () => undefined);
}
