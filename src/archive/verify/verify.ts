import { type ErrorFacts, toKheadersPackError } from '../../errors.js';
import type { VerifyReport } from '../../model/verifyReport.js';
import { gatherEnvironment } from '../../settings/environment.js';
import type { PackOptions } from '../../settings/options.js';
import type { ReadingOptions } from '../../settings/reading.js';
import { resolveVerify, type VerifyOptions } from '../../settings/verify.js';
import { readManifest } from '../manifest/read.js';
import { checkContainer } from '../reading/checkContainer.js';
import { keepFailure } from '../reading/readable.js';
import { sourceName, verifyIntegrity } from './integrity.js';
import type { Verification } from './reproduction.js';

/**
 * Verifies an archive: what the command `kheaders-pack verify` does. Without `trees` its integrity, with them whether it
 * can be made from them again. That it is damaged, or uses what is not supported, is a verdict.
 *
 * @throws KheadersPackError where there is no verdict: files that cannot be read, options that contradict each other
 */
export async function verify(archive: ReadingOptions['archive'], options: VerifyOptions = {}): Promise<VerifyReport> {
  const { report } = await verifyForRebuilds(archive, options);
  return report;
}

/**
 * Verifies an archive, and has what it was rebuilt by for further rebuilds: a manifest or a list may come from a pipe, which
 * cannot be read again.
 *
 * @throws KheadersPackError as `verify` does
 */
export async function verifyForRebuilds(
  archive: ReadingOptions['archive'],
  options: VerifyOptions,
): Promise<Verification> {
  const environment = gatherEnvironment();
  const settings = resolveVerify(archive, options, environment);
  if (settings.mode === 'container') return notRebuilt(await verifyContainer(settings.reading));
  const { manifest: path } = settings;
  const { source } = settings.reading;
  if (source.kind === 'readable') keepFailure(source.readable);
  try {
    const manifest = path === null ? null : { path, manifest: await readManifest(path, settings.reading.signal) };
    if (settings.mode === 'integrity') return notRebuilt(await verifyIntegrity(settings.reading, manifest));
    // Loaded when it is asked for: a check of integrity starts sooner without what packing needs.
    const { verifyReproduction } = await import('./reproduction.js');
    return await verifyReproduction({ settings, manifest, environment, options: packOptionsOf(options) });
  } catch (error) {
    const { mode, reading } = settings;
    return notRebuilt({ ...verdictOf(error), archive: sourceName(reading), mode, manifest: path });
  } finally {
    // Without its manifest nobody comes to read it.
    if (source.kind === 'readable') source.readable.destroy();
  }
}

function notRebuilt(report: VerifyReport): Verification {
  return { report, rebuilt: null };
}

/** @throws the error itself where it is no verdict */
function verdictOf(error: unknown): Omit<VerifyReport, 'archive' | 'mode' | 'manifest'> {
  const { code, facts } = toKheadersPackError(error);
  if (code !== 'E_BAD_XZ' && code !== 'E_BAD_TAR' && code !== 'E_UNSUPPORTED_XZ') throw error;
  const { reason, offset } = facts as ErrorFacts['E_BAD_XZ'];
  const place = code === 'E_BAD_TAR' ? `at byte ${offset} of the tar` : `at byte ${offset}`;
  return {
    schema: 'kheaders-pack/verify/1',
    verdict: code === 'E_UNSUPPORTED_XZ' ? 'unsupported' : 'bad',
    findings: [`${reason} (${place})`],
    container: null,
    tar: null,
    rebuild: null,
  };
}

/** What is said of the rebuild. */
function packOptionsOf({ manifest, container, contents, first, memoryLimit, ...rest }: VerifyOptions): PackOptions {
  return rest;
}

async function verifyContainer(reading: Parameters<typeof checkContainer>[0]): Promise<VerifyReport> {
  const { verdict, fault, found } = await checkContainer(reading);
  return {
    schema: 'kheaders-pack/verify/1',
    archive: sourceName(reading),
    mode: 'container',
    verdict,
    findings: fault === null ? [] : [`${fault.reason} (at byte ${fault.offset})`],
    container: found,
    tar: null,
    manifest: null,
    rebuild: null,
  };
}
