import { CODEC_NAMES, codecNamed, DEFAULT_CODEC } from '../lzma/codec.js';
import { FORMAT_VERSION } from '../plan/plan.js';
import { TOOL } from '../version.js';
import { asJson } from './json.js';

/** `--version`; with `verbose`, everything that bytes or speed may depend on. */
export function versionText(verbose: boolean, json: boolean): string {
  const all = {
    ...TOOL,
    archiveFormat: FORMAT_VERSION,
    codecs: CODEC_NAMES.map(name => {
      const codec = codecNamed(name);
      return { ...codec.id, build: codec.build(), isDefault: name === DEFAULT_CODEC };
    }),
    node: process.version,
    platform: `${process.platform}-${process.arch}`,
  };
  if (json) return asJson(all);
  if (!verbose) return `${TOOL.name} ${TOOL.version}\n`;
  return [
    `${TOOL.name} ${TOOL.version}`,
    `archive format ${all.archiveFormat}`,
    ...all.codecs.map(({ name, version, build }) => `codec ${name}/${version} (${build} build)`),
    `node ${all.node} ${all.platform}`,
    '',
  ].join('\n');
}
