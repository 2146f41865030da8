import { type SettingsView, settingChanges, viewOfSettings } from '../archive/compare/settingsView.js';
import { settingsOf } from '../archive/manifest/build.js';
import { visible } from '../bytes/bytePath.js';
import type { ContentSettings } from '../model/settings.js';

/** Everything beside the files that the archive depends on, as a run records it. */
export interface RecordedSettings extends ContentSettings {
  readonly tool: { readonly name: string; readonly version: string };
  readonly formatVersion: number;
}

/**
 * How the settings of a run differ from those that were recorded, by the first that does.
 *
 * @param before as the record has them, which may be damaged
 * @param present as `settingsText` writes them
 */
export function settingsChange(before: string, present: string): string {
  const [first] = changesBetween(before, present);
  if (first === undefined) return 'other settings';
  const shown = (value: string): string => (value === '' ? 'nothing' : visible(value));
  return `other settings: ${first.setting} ${shown(first.to)}, was ${shown(first.from)}`;
}

function changesBetween(before: string, present: string): ReturnType<typeof settingChanges> {
  try {
    return settingChanges(viewOf(before), viewOf(present));
  } catch {
    return [];
  }
}

function viewOf(text: string): SettingsView {
  const { tool, formatVersion, ...content }: RecordedSettings = JSON.parse(text);
  const versions: [string, string][] = [
    [tool.name, tool.version],
    ['archive format', String(formatVersion)],
  ];
  return new Map([...versions, ...viewOfSettings(settingsOf(content))]);
}
