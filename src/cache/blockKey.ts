import { createHash } from 'node:crypto';
import { canonicalJson } from '../bytes/canonicalJson.js';
import type { EncodingSettings } from '../model/settings.js';
import { FORMAT_VERSION, metadataOf } from '../plan/plan.js';
import type { BlockInput } from '../pool/protocol.js';

/**
 * The version of what goes into a key, and of the entries kept under it. Those of version 1 may come from an encoder that
 * took two words for one (2026-11-30).
 */
export const BLOCK_KEY_VERSION = 'kheaders-pack block 2';

/**
 * The key of a Block: SHA-256, in hexadecimal, over everything that its bytes depend on, so that equal keys mean equal
 * Blocks. That is the archive format's version, the codec's name and version, every encoding setting, and what
 * determines the Uncompressed Data: for each entry what its entry header states and the digest of its content, and
 * which part of them the Block holds. Nothing has to be read for it.
 */
export function blockKey(input: BlockInput, encoding: EncodingSettings): string {
  const hash = createHash('sha256').update(
    `${BLOCK_KEY_VERSION}\0${FORMAT_VERSION}\0${canonicalJson(encoding)}\0${input.kind}\0`,
  );
  switch (input.kind) {
    case 'bytes':
      for (const piece of input.pieces) hash.update(piece);
      return hash.digest('hex');
    case 'zeros':
      return hash.update(String(input.size)).digest('hex');
    case 'entries': {
      const { block, entries, mtime } = input;
      const fields: (string | number)[] = [block.skip, block.size];
      for (const entry of entries) {
        const { typeflag, mode, size, mtime: time, name, linkname } = metadataOf(entry, mtime);
        const digest = entry.kind === 'regular' ? entry.source.digest : '';
        fields.push(typeflag, mode, size, time, name, linkname, digest);
      }
      // No field holds a NUL, and an entry always has as many of them: nothing else gives the same text.
      return hash.update(fields.join('\0'), 'latin1').digest('hex');
    }
  }
}
