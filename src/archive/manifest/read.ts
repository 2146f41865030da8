import { readFile } from 'node:fs/promises';
import { KheadersPackError, systemReason } from '../../errors.js';
import type { Manifest } from '../../model/manifest.js';

/** Stands in for the reader of manifests until that is there. */
export async function readManifest(path: string): Promise<Manifest> {
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (error) {
    throw new KheadersPackError('E_READ', { path, reason: systemReason(error) }, { cause: error });
  }
  try {
    const manifest = JSON.parse(text) as Manifest;
    if (manifest.schema === 'kheaders-pack/manifest/1') return manifest;
  } catch {}
  throw new KheadersPackError('E_MANIFEST', { path, reason: 'it is no manifest' });
}
