import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { PROJECT_ROOT, TREES_DIR } from './trees.js';

/** A package that a tree was made from. */
export interface PackageRecord {
  package: string;
  version: string;
  /** SHA-256 of the .deb, in hexadecimal. */
  sha256: string;
}

/** How a tree came to be. */
export interface TreeRecord {
  packages: PackageRecord[];
  /** Whether `make defconfig prepare` ended well; false too where it has no meaning. */
  configured: boolean;
}

const RECORD_FILE = join(PROJECT_ROOT, 'corpus', 'packages.json');

/** Every tree's record, by its name. */
function readRecords(): Record<string, TreeRecord> {
  if (!existsSync(RECORD_FILE)) return {};
  return JSON.parse(readFileSync(RECORD_FILE, 'utf8')) as Record<string, TreeRecord>;
}

/** The record of a tree that is there: recorded, and its directory exists. */
export function presentTree(name: string): TreeRecord | undefined {
  return existsSync(join(TREES_DIR, name)) ? readRecords()[name] : undefined;
}

/** Records a tree, in place of an earlier record of that name. */
export function recordTree(name: string, record: TreeRecord): void {
  const records = Object.entries({ ...readRecords(), [name]: record }).sort(([a], [b]) => (a < b ? -1 : 1));
  writeFileSync(`${RECORD_FILE}.partial`, `${JSON.stringify(Object.fromEntries(records), null, 2)}\n`);
  renameSync(`${RECORD_FILE}.partial`, RECORD_FILE);
}
