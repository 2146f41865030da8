import { resolve } from 'node:path';
import type { ReadingSettings } from '../model/reading.js';
import type { Environment } from './environment.js';
import { type Kinds, requireKinds, TEXTS } from './kinds.js';
import { READING_KINDS, type ReadingOptions, resolveReading } from './reading.js';

/** What a caller or a command line may say about a listing. */
export interface ListOptions extends ReadingOptions {
  /** What to list, as in `pack`'s `include`. Default: everything. */
  patterns?: readonly string[] | undefined;
}

const LIST_KINDS: Kinds<ListOptions> = { ...READING_KINDS, patterns: TEXTS };

export interface ListSettings {
  readonly reading: ReadingSettings;
  readonly patterns: readonly string[];
}

/** @throws KheadersPackError `E_OPTION_VALUE` */
export function resolveList(options: ListOptions, environment: Environment): ListSettings {
  requireKinds(options, LIST_KINDS);
  return { reading: resolveReading(options, environment), patterns: options.patterns ?? [] };
}

/** What a caller or a command line may say about reading members' contents. */
export interface CatOptions extends ReadingOptions {
  /** Names of members, with or without `./`. */
  members: readonly string[];
  /** The archive's manifest, which says where members lie. Default: they are searched for. */
  manifest?: string | undefined;
}

export interface CatSettings {
  readonly reading: ReadingSettings;
  readonly members: readonly string[];
  /** The manifest's path, or null. */
  readonly manifest: string | null;
}

export function resolveCat(options: CatOptions, environment: Environment): CatSettings {
  const { manifest } = options;
  return {
    reading: resolveReading(options, environment),
    members: options.members,
    manifest: manifest === undefined ? null : resolve(environment.workingDirectory, manifest),
  };
}
