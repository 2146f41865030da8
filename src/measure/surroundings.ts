import { cpus, loadavg, release, totalmem, type } from 'node:os';
import { liblzmaBuild } from '../lzma/build.js';
import type { MeasuringEnvironment } from './result.js';

/** What the times of a sweep depend on beside the programs. Names of machine and user are left out: results get published. */
export function surroundings(processors: number): MeasuringEnvironment {
  return {
    processor: cpus()[0]?.model.trim() ?? 'unknown',
    processors,
    memory: totalmem(),
    system: `${type()} ${release()}`,
    node: process.version,
    codecBuild: liblzmaBuild(),
    load: Number((loadavg()[0] ?? 0).toFixed(2)),
  };
}
