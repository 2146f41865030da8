import { dirname } from 'node:path';
import { removeLeftBehind, replaceFile } from '../archive/temporary.js';
import { type BytePath, fromLatin1 } from '../bytes/bytePath.js';
import { systemReason } from '../errors.js';
import { oneSlot, type Slots } from '../flow/slots.js';
import type { KernelFile, SelectedFile } from '../model/plan.js';
import type { PackSummary } from '../model/summary.js';
import { FORMAT_VERSION } from '../plan/plan.js';
import type { KbuildLists, KbuildSettings } from '../settings/kbuild.js';
import { selectFiles, selectStamps } from '../tree/select.js';
import { selectLists } from '../tree/selectLists.js';
import { TOOL } from '../version.js';
import { findChange, isSurelyUnchanged, stampAt } from './change.js';
import type { RecordedSettings } from './settingsChange.js';
import { fileList, newState, type RecordedFile, readState, writeState } from './state.js';

/** Told why the archive is made, before the work begins. */
export type OnMaking = (reason: string) => Promise<void>;

/**
 * What gen_kheaders.sh is called for in a kernel build: brings the target up to date.
 *
 * Kernels up to 6.16 call it in every build, and it finds out by itself whether anything changed. That path has to take no
 * time: it loads nothing of the pipeline. Later kernels call it when make finds the target out of date; then it packs
 * without asking, so that the target's mtime is always renewed.
 *
 * @returns the summary, or null where nothing had to be done
 * @throws KheadersPackError
 */
export async function kbuild(settings: KbuildSettings, onMaking: OnMaking): Promise<PackSummary | null> {
  const { target, stateFile, lists } = settings;
  const written = lists === null ? [target, stateFile] : [target, lists.dependencyFile];
  removeLeftBehind(dirname(target), written);
  return lists === null ? updateTarget(settings, onMaking) : makeListed(settings, lists, onMaking);
}

async function updateTarget(settings: KbuildSettings, onMaking: OnMaking): Promise<PackSummary | null> {
  const { target, stateFile } = settings;
  const { content, execution } = settings.pack;
  const [kernel] = content.kernels;
  const [trees] = execution.trees;
  if (kernel === undefined || trees === undefined) throw new RangeError('No tree to pack');
  const { srcarch } = kernel;
  const present = { settings: settingsText(settings), target };
  const state = readState(stateFile);
  const stamps = state === null ? null : selectStamps(trees, srcarch, content.selection);
  if (state !== null && stamps !== null && isSurelyUnchanged(state, present, fileList(stamps))) return null;

  // Before the first look at a file: whatever changes from here on differs from its stamp, or is racy.
  const taken = Date.now();
  const files = selectFiles(trees, srcarch, content.selection);
  const { fingerprint, fingerprintReader } = await import('./fingerprint.js');
  const change = await findChange(state, present, files, fingerprintReader(content));
  const record = (digest: string, recorded: ReadonlyMap<BytePath, RecordedFile>): void => {
    const summary = { settings: present.settings, taken, target: { stamp: stampAt(target) ?? '', digest } };
    writeState(stateFile, newState(summary, recorded));
  };
  if (!change.isChanged) {
    record(state?.summary.target.digest ?? '', change.files);
    return null;
  }
  await onMaking(change.reason);
  const packed = await pack(settings, files);
  const digests = new Map(packed.files.map(({ file, digested }) => [file.path, digested]));
  // In the order in which the files were found: the next run finds them in the same.
  const made = Array.from(files, ([path, file]) => {
    const recorded = { stamp: file.stamp, fingerprint: fingerprint(file, digests.get(path) ?? null) };
    return [path, recorded] as const;
  });
  record(packed.summary.digest, new Map(made));
  return packed.summary;
}

async function makeListed(settings: KbuildSettings, lists: KbuildLists, onMaking: OnMaking): Promise<PackSummary> {
  const [trees] = settings.pack.execution.trees;
  if (trees === undefined) throw new RangeError('No tree to pack');
  const source = lists.source.map(path => withoutPrefix(path, lists.sourcePrefix));
  const files = selectLists(trees, { source, object: lists.object });
  const { dependencyText } = await import('./dependencyFile.js');
  const dependencies = dependencyText(settings.name, lists.source, lists.object);
  await onMaking('make finds it out of date');
  const { summary } = await pack(settings, files);
  replaceFile(lists.dependencyFile, dependencies);
  return summary;
}

async function pack(
  settings: KbuildSettings,
  files: ReadonlyMap<BytePath, SelectedFile>,
): ReturnType<typeof import('../archive/pack.js').packFiles> {
  const { packFiles } = await import('../archive/pack.js');
  const { withJobserver } = await import('./jobserver.js');
  const { execution } = settings.pack;
  const selected: KernelFile[] = Array.from(files.values(), file => ({ kernel: fromLatin1(''), file }));
  const packWith = (slots: Slots) =>
    packFiles({ ...settings.pack, execution: { ...execution, slots } }, () => selected);
  if (settings.jobserver === null) return packWith(execution.slots);
  return withJobserver(settings.jobserver, execution.jobs, packWith, why => {
    execution.onNotice(`Cannot use make's jobserver "${settings.jobserver}", so one job: ${systemReason(why)}`);
    return oneSlot();
  });
}

/** Everything beside the files that the archive depends on. */
function settingsText(settings: KbuildSettings): string {
  const recorded: RecordedSettings = { tool: TOOL, formatVersion: FORMAT_VERSION, ...settings.pack.content };
  return JSON.stringify(recorded);
}

function withoutPrefix(path: BytePath, prefix: BytePath): BytePath {
  return path.startsWith(prefix) ? fromLatin1(path.slice(prefix.length)) : path;
}
