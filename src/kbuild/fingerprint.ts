import type { Digested, SelectedFile } from '../model/plan.js';
import type { ContentSettings } from '../model/settings.js';
import { stripModeFor } from '../plan/entries.js';
import { ContentReader } from '../pool/content.js';
import { Stopwatch } from '../pool/stopwatch.js';
import { Workspace } from '../pool/workspace.js';

/** What a file gives the archive beside its path, in one string: two files with the same give the same entry. */
export function fingerprint(file: SelectedFile, digested: Digested | null): string {
  if (file.kind === 'symlink') return `-> ${file.target}`;
  return `${file.isExecutable ? 'x ' : ''}${digested?.digest ?? ''}`;
}

/** Reads files to take their fingerprints. */
export function fingerprintReader(content: Pick<ContentSettings, 'strip'>): (file: SelectedFile) => string {
  const reader = new ContentReader(new Workspace(), new Stopwatch());
  return file => {
    if (file.kind === 'symlink') return fingerprint(file, null);
    const source = { location: file.location, strip: stripModeFor(file.path, content.strip) };
    return fingerprint(file, reader.read(source, false).digested);
  };
}
