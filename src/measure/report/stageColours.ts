/** Of middling lightness, so that they stand out on light and on dark ground alike. */
const COLOUR_OF: Readonly<Record<string, string>> = {
  start: '#8e8e98',
  walk: '#b07aa1',
  scan: '#e0902f',
  plan: '#d1605e',
  compress: '#4a86c5',
  write: '#59a14f',
};

/** A stage's colour, or that of the tasks that are done in it. */
export function stageColour(stage: string): string {
  return COLOUR_OF[stage] ?? '#8e8e98';
}
