import { resolve as resolvePath } from 'node:path';
import { KheadersPackError } from '../errors.js';
import type { ReadingSettings } from '../model/reading.js';
import type { Environment } from './environment.js';
import { type ReadingOptions, resolveReading } from './reading.js';

/** What a caller or a command line may say about writing a module's sources. */
export interface ModuleOptions extends ReadingOptions {
  /** A new or empty directory. */
  directory: string;
}

export interface ModuleSettings {
  readonly reading: ReadingSettings;
  readonly directory: string;
}

/** @throws KheadersPackError `E_OPTION_VALUE` */
export function resolveModule(options: ModuleOptions, environment: Environment): ModuleSettings {
  const { directory, ...reading } = options;
  if (directory === '') {
    throw new KheadersPackError('E_OPTION_VALUE', { option: '--directory', value: '', expected: 'a directory' });
  }
  return {
    reading: resolveReading(reading, environment),
    directory: resolvePath(environment.workingDirectory, directory),
  };
}
