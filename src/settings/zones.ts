/**
 * Time zone abbreviations in minutes east of Greenwich, as GNU date reads them (gnulib's parse-datetime): where an
 * abbreviation is used in several places, GNU's choice is ours.
 */
const ZONES: Readonly<Record<string, number>> = {
  GMT: 0,
  UT: 0,
  UTC: 0,
  WET: 0,
  WEST: 60,
  BST: 60,
  ART: -180,
  BRT: -180,
  BRST: -120,
  NST: -210,
  NDT: -150,
  AST: -240,
  ADT: -180,
  CLT: -240,
  CLST: -180,
  EST: -300,
  EDT: -240,
  CST: -360,
  CDT: -300,
  MST: -420,
  MDT: -360,
  PST: -480,
  PDT: -420,
  AKST: -540,
  AKDT: -480,
  HST: -600,
  HAST: -600,
  HADT: -540,
  SST: -720,
  WAT: 60,
  CET: 60,
  CEST: 120,
  MET: 60,
  MEZ: 60,
  MEST: 120,
  MESZ: 120,
  EET: 120,
  EEST: 180,
  CAT: 120,
  SAST: 120,
  EAT: 180,
  MSK: 180,
  MSD: 240,
  IST: 330,
  SGT: 480,
  KST: 540,
  JST: 540,
  GST: 600,
  NZST: 720,
  NZDT: 780,
};

/** Abbreviations that are accepted. */
export const ZONE_NAMES: readonly string[] = Object.keys(ZONES);

/** GNU date's limit on numeric zones, in minutes. */
const OFFSET_MAX = 24 * 60;

/** Minutes east of Greenwich of `Z`, `+HH`, `+HHMM`, `+HH:MM` or an abbreviation; null when it is none of these. */
export function zoneOffset(zone: string): number | null {
  const numeric = /^([+-])(\d{2}):?(\d{2})?$/.exec(zone);
  if (numeric !== null) {
    const minutes = Number(numeric[2]) * 60 + Number(numeric[3] ?? 0);
    if (minutes > OFFSET_MAX || Number(numeric[3] ?? 0) > 59) return null;
    return numeric[1] === '-' ? -minutes : minutes;
  }
  const name = zone.toUpperCase();
  if (name === 'Z') return 0;
  return (Object.hasOwn(ZONES, name) ? ZONES[name] : undefined) ?? null;
}
