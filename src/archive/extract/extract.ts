import { setImmediate } from 'node:timers/promises';
import { KheadersPackError } from '../../errors.js';
import type { ExtractSettings, ExtractSummary } from '../../model/extract.js';
import type { Progress } from '../../model/progress.js';
import { gatherEnvironment } from '../../settings/environment.js';
import { type ExtractOptions, resolveExtract } from '../../settings/extract.js';
import { readMembers } from '../../tar/readTar.js';
import { TOOL } from '../../version.js';
import { noMember } from '../reading/noMember.js';
import { type OpenArchive, withArchive } from '../reading/open.js';
import { makeCopies } from './copies.js';
import { Extraction } from './extraction.js';
import { Target } from './target.js';

/**
 * Milliseconds that files are written for in one turn of the event loop, in which nobody is given a Block; looked at after
 * so many files: a third of a second where each takes 20 ms, on a file server.
 */
const TURN = 5;
const FILES_PER_LOOK = 16;

/**
 * Extracts an archive: what the command `kheaders-pack extract` does. Nothing is ever written outside the target.
 *
 * @throws KheadersPackError; `E_UNSAFE_ENTRY` names an entry that is refused, and nothing behind it is extracted.
 *   `onWritten` was told of all that is in the target then
 */
export async function extract(options: ExtractOptions): Promise<ExtractSummary> {
  const settings = resolveExtract(options, gatherEnvironment());
  const start = performance.now();
  const { onProgress } = settings.reading;
  const reading = {
    ...settings.reading,
    onProgress: (progress: Progress) => onProgress({ ...progress, stage: 'extract' }),
  };
  return withArchive(reading, async archive => {
    const target = new Target(settings.target, settings.umask, Date.now() / 1000);
    try {
      const extraction = await extractAll(archive, settings, target);
      return summarise(settings, archive.name, extraction, (performance.now() - start) / 1000);
    } catch (error) {
      target.removeIfEmpty();
      throw error;
    } finally {
      target.close();
    }
  });
}

async function extractAll(archive: OpenArchive, settings: ExtractSettings, target: Target): Promise<Extraction> {
  const { signal } = settings.reading;
  const isFolding = settings.isPortable || target.isFolding();
  const extraction = new Extraction(settings, archive.name, archive.container !== null, target, isFolding);
  try {
    let taken = 0;
    let turn = performance.now();
    for await (const members of readMembers(archive.pass(), archive.name)) {
      for (const member of members) {
        // A Block's files are written without anything to wait for: signals are taken between turns alone.
        if (++taken % FILES_PER_LOOK === 0 && performance.now() - turn > TURN) {
          await setImmediate();
          turn = performance.now();
        }
        if (signal.aborted) throw new KheadersPackError('E_ABORTED', {});
        const isFilled = extraction.take(member);
        if (isFilled !== null) await isFilled;
      }
    }
    await makeCopies(extraction, archive);
  } catch (error) {
    // What was written is made as whole as it can be; the first failure is the one to tell.
    try {
      target.finish();
    } catch {}
    throw error;
  }
  target.finish();
  const [unmet] = extraction.selection.unmet;
  if (unmet !== undefined) throw noMember(archive, unmet, []);
  return extraction;
}

function summarise(
  settings: ExtractSettings,
  archive: string,
  extraction: Extraction,
  seconds: number,
): ExtractSummary {
  const { counts } = extraction;
  const { user, system } = process.cpuUsage();
  return {
    schema: 'kheaders-pack/extract/1',
    tool: TOOL,
    archive,
    target: settings.target,
    files: {
      entries: counts.regular + counts.hardlink + counts.symlink + counts.directory,
      regular: counts.regular,
      hardLinks: counts.hardlink,
      symbolicLinks: counts.symlink,
      directories: counts.directory,
    },
    bytes: extraction.bytes,
    seconds,
    cpuSeconds: (user + system) / 1e6,
    peakMemory: process.resourceUsage().maxRSS * 1024,
  };
}
