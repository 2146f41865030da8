import { formatBytes, formatSize } from '../bytes/size.js';
import type { CacheSummary } from '../model/cache.js';
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
    ...cacheLines(summary.cache),
    `${seconds.total.toFixed(2)} s, ${cpuSeconds.total.toFixed(2)} CPU s, ${jobs} ${jobs === 1 ? 'job' : 'jobs'}, ` +
      `peak memory ${formatSize(summary.peakMemory)}, codec ${codecName(summary)} (${summary.codecBuild} build)`,
    `sha256 ${summary.digest}${summary.output === null ? '' : `  ${summary.output}`}`,
  ];
}

/** What the cache saved, where it saved anything. */
function cacheLines(cache: CacheSummary | null): string[] {
  if (cache === null) return [];
  const { blocks, files } = cache;
  const total = blocks.local + blocks.remote + blocks.encoded;
  if (total === blocks.encoded && files.known === 0) return [];
  const from = blocks.remote === 0 ? '' : ` (${blocks.remote} from the server)`;
  return [
    `${blocks.local + blocks.remote} of ${total} Blocks from the cache${from}: ${formatSize(cache.bytesSaved)} not compressed again, ` +
      `${files.read} of ${files.known + files.read} files read again`,
  ];
}

/** Why each Block that had to be compressed was not in the cache. */
function missLines(cache: CacheSummary | null): string[] {
  if (cache === null) return ['Cache: none'];
  const misses = cache.misses.map(
    ({ first, size, reason }) => `  ${first ?? 'the end'} (${formatSize(size)}): ${reason}`,
  );
  return [`Cache: ${cache.directory ?? cache.remote}${misses.length === 0 ? '' : '; compressed were'}`, ...misses];
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
    ...missLines(summary.cache),
    ...(memoryBound === null ? [] : [`Memory: at most ${formatSize(memoryBound)} by the formula of ARCHITECTURE.md`]),
  ];
}
