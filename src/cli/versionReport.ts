import { codecBuild } from '../lzma/build.js';
import { codecNamed, DEFAULT_CODEC } from '../lzma/codec.js';
import { FORMAT_VERSION } from '../plan/plan.js';
import { TOOL } from '../version.js';

/** `--version`; with `verbose`, everything that bytes or speed may depend on. */
export function versionText(verbose: boolean, json: boolean): string {
  const codec = codecNamed(DEFAULT_CODEC).id;
  const all = {
    ...TOOL,
    archiveFormat: FORMAT_VERSION,
    codec: `${codec.name}/${codec.version}`,
    codecBuild: codecBuild(),
    node: process.version,
    platform: `${process.platform}-${process.arch}`,
  };
  if (json) return `${JSON.stringify(all, null, 2)}\n`;
  if (!verbose) return `${TOOL.name} ${TOOL.version}\n`;
  return [
    `${TOOL.name} ${TOOL.version}`,
    `archive format ${all.archiveFormat}`,
    `codec ${all.codec} (${all.codecBuild} build)`,
    `node ${all.node} ${all.platform}`,
    '',
  ].join('\n');
}
