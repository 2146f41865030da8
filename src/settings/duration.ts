/** Seconds by unit; no unit means seconds. */
const UNITS: Readonly<Record<string, number>> = { '': 1, s: 1, m: 60, min: 60, h: 3600 };

/** Reads `90`, `90s`, `10m` or `1h` as seconds. Undefined when it is none of these, or nothing at all. */
export function parseDuration(text: string): number | undefined {
  const match = /^(\d+(?:\.\d+)?)\s*([a-z]*)$/i.exec(text.trim());
  const unit = UNITS[match?.[2]?.toLowerCase() ?? '?'];
  const seconds = match === null || unit === undefined ? 0 : Number(match[1]) * unit;
  return seconds > 0 && Number.isFinite(seconds) ? seconds : undefined;
}
