export { parseManifest } from './archive/manifest/parse.js';
export { readManifest } from './archive/manifest/read.js';
export { pack, plan } from './archive/pack.js';
export { type ErrorCode, type ErrorFacts, KheadersPackError } from './errors.js';
export type { Manifest, ManifestBlock, ManifestEntry, ManifestSettings } from './model/manifest.js';
export type { Plan, PlannedBlock, PlannedEntry } from './model/plan.js';
export type { PackStage, Progress, Stage } from './model/progress.js';
export type { PackSummary } from './model/summary.js';
export type { PackOptions } from './settings/options.js';
