/**
 * The pictures of a sweep. This file and what it imports bring the plot library along, which takes half a second to load: whoever
 * wants no picture does not import it.
 */
import type { BenchResult, TracedRun } from '../result.js';
import { type Drawing, WIDTHS } from './canvas.js';
import { ganttDrawing, queueDrawing } from './gantt.js';
import { pageText } from './page.js';
import { scalingDrawing } from './scaling.js';
import { sizeTimeDrawing } from './sizeTime.js';
import { stagesDrawing } from './stages.js';
import { COLOUR_STYLE } from './style.js';

/**
 * One self-contained page.
 *
 * @param traced a run to show thread by thread, or null
 * @param command the command line that made the result
 */
export function reportPage(result: BenchResult, traced: TracedRun | null, command: string): string {
  return pageText(result, drawingsOf(result, traced), command);
}

/** The drawings alone, each an SVG file with its colours, by file name. */
export function svgFiles(result: BenchResult, traced: TracedRun | null): Map<string, string> {
  return new Map(drawingsOf(result, traced).map(drawing => [`${drawing.name}.svg`, fileOf(drawing)]));
}

/** The plane of size and time as a file that stands without the table: each point has its name. */
export function sizeTimeFile(result: BenchResult): string {
  return fileOf(sizeTimeDrawing(result, 'names'));
}

function fileOf({ draw }: Drawing): string {
  const style = `<style>${COLOUR_STYLE}svg{background:var(--ground);color:var(--ink)}</style>`;
  return `<?xml version="1.0" encoding="UTF-8"?>\n${draw(WIDTHS.wide).replace('>', `>${style}`)}\n`;
}

function drawingsOf(result: BenchResult, traced: TracedRun | null): Drawing[] {
  const ofTrace = traced === null ? [] : [ganttDrawing(traced), queueDrawing(traced)];
  const drawings = [sizeTimeDrawing(result, 'numbers'), scalingDrawing(result), stagesDrawing(result), ...ofTrace];
  return drawings.filter(drawing => drawing !== null);
}
