import { Argument, Option } from 'commander';

/**
 * An option whose value is one of some words, or several of them parted by commas where it is a `<LIST>`. The words are what
 * completions offer and the manual lists. A value that is none of them is refused with the settings, in our words, where
 * commander's own `choices` would refuse it in its.
 */
export class ListedOption extends Option {
  readonly values: readonly string[];

  constructor(flags: string, description: string, values: readonly string[]) {
    super(flags, description);
    this.values = values;
  }
}

/** An argument that is one of some words. */
export class ListedArgument extends Argument {
  readonly values: readonly string[];

  constructor(name: string, description: string, values: readonly string[]) {
    super(name, description);
    this.values = values;
  }
}
