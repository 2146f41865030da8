import { Option } from 'commander';

/** The options of every command that reads an archive, for `resolveReading`. */
export function readingOptions(): Option[] {
  return [
    new Option('-j, --jobs <N>', 'worker threads (default: as many as there are processors to use)'),
    new Option('--memory-limit <SIZE>', 'memory that decoding may take, from 2MiB on (default: 512MiB)'),
  ];
}
