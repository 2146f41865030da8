import { createRequire } from 'node:module';

const manifest: unknown = createRequire(import.meta.url)('../../package.json');

/** This package's name and version. */
export const TOOL = { name: 'kheaders-pack', version: versionIn(manifest) } as const;

/** Where a file that is shipped with the package lies. This file and the bundle are both two levels below the root. */
export function packageFile(path: string): URL {
  return new URL(`../../${path}`, import.meta.url);
}

function versionIn(json: unknown): string {
  const version = typeof json === 'object' && json !== null && 'version' in json ? json.version : null;
  return typeof version === 'string' ? version : '0.0.0';
}
