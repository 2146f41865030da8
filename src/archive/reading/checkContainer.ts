import { type ErrorFacts, KheadersPackError, toKheadersPackError } from '../../errors.js';
import type { Container, ContainerFault, ContainerReport, ContainerSummary } from '../../model/container.js';
import type { ReadingSettings } from '../../model/reading.js';
import { checkNameOf, checkOfId } from '../../xz/check.js';
import { withArchive } from './open.js';

/** Where a Stream Header says which Check its Blocks have. */
const CHECK_ID_AT = 7;

/**
 * Checks an .xz file from its first byte to its last, whatever is inside: the container, and every Check. Bad comes
 * before unsupported: a Check that cannot be verified is reported when all else is right.
 *
 * @throws KheadersPackError where there is no verdict: `E_READ`, `E_MEMORY_LIMIT`, `E_ABORTED`
 */
export async function checkContainer(settings: ReadingSettings): Promise<ContainerReport> {
  let container: Container | null = null;
  try {
    await withArchive(settings, async archive => {
      container = archive.container;
      for await (const _ of archive.skim('nothing')) {
        // That they were all decoded means that they are right.
      }
      container = archive.container;
    });
  } catch (error) {
    return verdictOf(error, container);
  }
  const fault = container === null ? null : unverified(container);
  return { verdict: fault === null ? 'good' : 'unsupported', fault, found: summaryOf(container) };
}

/** @throws KheadersPackError `E_UNSUPPORTED_XZ` when the archive has a Check that nobody could verify: that is not good */
export function requireVerified(container: Container | null, path: string): void {
  const fault = container === null ? null : unverified(container);
  if (fault !== null) throw new KheadersPackError('E_UNSUPPORTED_XZ', { path, ...fault });
}

function verdictOf(error: unknown, container: Container | null): ContainerReport {
  const { code, facts } = toKheadersPackError(error);
  if (code !== 'E_BAD_XZ' && code !== 'E_UNSUPPORTED_XZ') throw error;
  const { reason, offset } = facts as ErrorFacts['E_BAD_XZ'];
  return {
    verdict: code === 'E_BAD_XZ' ? 'bad' : 'unsupported',
    fault: { reason, offset },
    found: summaryOf(container),
  };
}

/** The first Stream whose Check nobody can compute yet. */
function unverified(container: Container): ContainerFault | null {
  const stream = container.streams.find(({ checkId }) => checkOfId(checkId) === null);
  if (stream === undefined) return null;
  return {
    reason: `Check ${checkNameOf(stream.checkId)}, which was not verified`,
    offset: stream.offset + CHECK_ID_AT,
  };
}

export function summaryOf(container: Container | null): ContainerSummary | null {
  if (container === null) return null;
  return {
    streams: container.streams.length,
    blocks: container.blocks.length,
    checks: [...new Set(container.streams.map(({ checkId }) => checkNameOf(checkId)))],
    compressedSize: container.compressedSize,
    uncompressedSize: container.uncompressedSize,
  };
}
