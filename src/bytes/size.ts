/** Sizes in bytes as people write and read them. */

const UNITS: Readonly<Record<string, number>> = {
  '': 1,
  b: 1,
  k: 2 ** 10,
  kb: 2 ** 10,
  kib: 2 ** 10,
  m: 2 ** 20,
  mb: 2 ** 20,
  mib: 2 ** 20,
  g: 2 ** 30,
  gb: 2 ** 30,
  gib: 2 ** 30,
  t: 2 ** 40,
  tb: 2 ** 40,
  tib: 2 ** 40,
};

/** Reads `4194304`, `4096K`, `4M` or `4MiB`. Every suffix is a power of 1024, as in xz. Undefined when it is none of these. */
export function parseSize(text: string): number | undefined {
  const match = /^(\d+)\s*([a-z]*)$/i.exec(text.trim());
  const unit = UNITS[match?.[2]?.toLowerCase() ?? '?'];
  if (match === null || unit === undefined) return undefined;
  const size = Number(match[1]) * unit;
  return Number.isSafeInteger(size) ? size : undefined;
}

const LARGE_UNITS = [
  { name: 'KiB', bytes: 2 ** 10 },
  { name: 'MiB', bytes: 2 ** 20 },
] as const;

/** Bytes in KiB or MiB, one decimal; from 1 GiB on, two. */
export function formatSize(bytes: number): string {
  if (bytes < 1024) return `${bytes} B`;
  for (const unit of LARGE_UNITS) {
    // Compared after rounding: 1048575 bytes are 1.0 MiB, not 1024.0 KiB.
    const count = (bytes / unit.bytes).toFixed(1);
    if (Number(count) < 1024) return `${count} ${unit.name}`;
  }
  return `${(bytes / 2 ** 30).toFixed(2)} GiB`;
}

/** An exact size as options take it: in MiB or KiB where it is a whole number of them. */
export function formatExactSize(bytes: number): string {
  if (bytes > 0 && bytes % 2 ** 20 === 0) return `${bytes / 2 ** 20}MiB`;
  if (bytes > 0 && bytes % 2 ** 10 === 0) return `${bytes / 2 ** 10}KiB`;
  return String(bytes);
}

/** An exact number of bytes with thousands separators, whatever the locale. */
export function formatBytes(bytes: number): string {
  return `${String(bytes).replace(/\B(?=(\d{3})+$)/g, ',')} bytes`;
}
