import { formatBytes, formatSize } from '../bytes/size.js';
import type { PackSummary } from '../model/summary.js';

/** The closing lines of a pack; with `verbose`, also where the time and the memory went. */
export function summaryText(summary: PackSummary, verbose: boolean): string {
  const lines = [...resultLines(summary), ...(verbose ? detailLines(summary) : [])];
  return lines.map(line => `${line}\n`).join('');
}

function resultLines(summary: PackSummary): string[] {
  const { files, bytes, seconds, cpuSeconds, jobs } = summary;
  const links = files.symbolicLinks + files.hardLinks;
  const what =
    files.regular === 0
      ? `${files.entries} entries`
      : `${files.regular + files.hardLinks} files (${files.hardLinks} as hard links), ${links - files.hardLinks} symbolic links`;
  const ratio = ((100 * bytes.archive) / bytes.tar).toFixed(1);
  return [
    `${what}: ${formatSize(bytes.tar)} of tar in ${summary.blocks} Blocks -> ${formatBytes(bytes.archive)} (${ratio} %)`,
    `${seconds.total.toFixed(2)} s, ${cpuSeconds.total.toFixed(2)} CPU s, ${jobs} ${jobs === 1 ? 'job' : 'jobs'}, ` +
      `peak memory ${formatSize(summary.peakMemory)}, codec ${codecName(summary)} (${summary.codecBuild} build)`,
    `sha256 ${summary.digest}${summary.output === null ? '' : `  ${summary.output}`}`,
  ];
}

function codecName(summary: PackSummary): string {
  const { codec } = summary.settings.encoding;
  return `${codec.name}/${codec.version}`;
}

function detailLines(summary: PackSummary): string[] {
  const { bytes, memoryBound } = summary;
  const stage = (name: keyof typeof summary.seconds): string =>
    `  ${name.padEnd(10)}${summary.seconds[name].toFixed(2).padStart(8)} s${summary.cpuSeconds[name].toFixed(2).padStart(8)} CPU s`;
  const steps = Object.entries(summary.workSeconds).map(([step, seconds]) => `${step} ${seconds.toFixed(2)}`);
  const { lzma2, check } = summary.settings.encoding;
  const { dictionarySize, ...others } = lzma2;
  const options = Object.entries(others).map(([key, value]) => `${key}=${value}`);
  return [
    'Stages:',
    ...(['walk', 'scan', 'plan', 'compress', 'total'] as const).map(stage),
    `Worker seconds: ${steps.join(', ')}`,
    `Bytes: raw ${bytes.raw}, stripped ${bytes.stripped}, deduplicated ${bytes.deduplicated}, tar ${bytes.tar}, archive ${bytes.archive}`,
    `LZMA2: dictionary ${formatSize(dictionarySize)}, ${options.join(', ')}; check ${check}; Blocks of at most ${formatSize(summary.settings.blockSize)}`,
    ...(memoryBound === null ? [] : [`Memory: at most ${formatSize(memoryBound)} by the formula of ARCHITECTURE.md`]),
  ];
}
