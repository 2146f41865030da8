import { Option } from 'commander';

// STAND-IN: replaced at the merge by the reading side's own.
export function readingOptions(): Option[] {
  return [new Option('-j, --jobs <N>', 'worker threads'), new Option('--memory-limit <SIZE>', 'memory for decoding')];
}
