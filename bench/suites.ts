import { bundleRows } from './bundle.js';
import { blockSizeRows, incrementalRows, releaseRows } from './incremental.js';
import { memoryRows } from './memory.js';
import { microRows } from './micro.js';
import { pipelineRows } from './pipeline.js';
import { readingRows } from './reading.js';
import type { Row, SuiteOptions } from './record.js';
import type { BenchTree } from './sample.js';
import { scaleRows } from './scale.js';
import { settingsRows } from './settings.js';
import { stripRows } from './strip.js';
import { versusRows } from './versus.js';

/** A suite's rows, or the reason why there are none. */
export type Suite = (tree: BenchTree, options: SuiteOptions) => Promise<readonly Row[] | string>;

/** By name. */
export const SUITES: Readonly<Record<string, Suite>> = {
  micro: (tree, { milliseconds }) => microRows(tree, milliseconds),
  strip: tree => stripRows(tree),
  pipeline: pipelineRows,
  versus: versusRows,
  incremental: incrementalRows,
  blocks: blockSizeRows,
  releases: (_, options) => releaseRows(options),
  memory: memoryRows,
  scale: scaleRows,
  settings: (tree, { repetitions }) => settingsRows(tree, repetitions),
  reading: readingRows,
  bundle: (_, { repetitions }) => bundleRows(repetitions),
};
