import * as Plot from '@observablehq/plot';
import type { BenchResult, Contended } from '../result.js';
import { type Drawing, plotOf, svgText } from './canvas.js';
import { numbered } from './numbered.js';
import { stageColour } from './stageColours.js';

/** More bars than this are no picture any more. */
const BARS_MAX = 20;
const BAR = 24;

interface Piece {
  readonly row: string;
  readonly stage: string;
  readonly from: number;
  readonly to: number;
  readonly name: string;
}

/** Which stage takes the time; null where nothing of ours was measured. */
export function stagesDrawing(result: BenchResult): Drawing | null {
  const ours = numbered(result).filter(({ each }) => each.stages !== null);
  if (ours.length === 0) return null;
  // Those that a reader may want to choose first, then the rest, as many as fit.
  const shown = ours.toSorted((a, b) => Number(b.each.isOnFront) - Number(a.each.isOnFront)).slice(0, BARS_MAX);
  const pieces = shown
    .toSorted((a, b) => a.number - b.number)
    .flatMap(({ number, each }) => piecesOf(String(number), each));
  const more = ours.length > shown.length ? ` ${ours.length - shown.length} more are in the table alone.` : '';
  const title = 'Where the time goes';
  return {
    name: 'stages',
    title,
    caption: `Median seconds of each stage; the rest is starting Node, closing the archive and ending. Numbers as in the table.${more}`,
    draw: width => draw(pieces, width, title),
  };
}

function piecesOf(row: string, each: Contended): Piece[] {
  const stages = Object.entries(each.stages ?? {}).map(([stage, { median }]) => [stage, median] as const);
  const known = stages.reduce((sum, [, seconds]) => sum + seconds, 0);
  const all = [...stages, ['rest', Math.max(0, each.seconds.median - known)] as const];
  let from = 0;
  return all.map(([stage, seconds]) => {
    const piece = { row, stage, from, to: from + seconds, name: each.name };
    from += seconds;
    return piece;
  });
}

function draw(pieces: readonly Piece[], width: number, title: string): string {
  const rows = [...new Set(pieces.map(({ row }) => row))];
  const stages = [...new Set(pieces.map(({ stage }) => stage))];
  const plot = plotOf({
    width,
    height: 70 + rows.length * BAR,
    marginLeft: 34,
    marginTop: 30,
    marginBottom: 38,
    x: { label: 'seconds', grid: true },
    y: { label: null, domain: rows, padding: 0.25 },
    marks: [
      Plot.barX(pieces, {
        x1: 'from',
        x2: 'to',
        y: 'row',
        fill: ({ stage }: Piece) => stageColour(stage),
        title: ({ name, stage, from, to }: Piece) => `${name}: ${stage} ${(to - from).toFixed(2)} s`,
      }),
      Plot.ruleX([0]),
      ...legend(stages),
    ],
  });
  return svgText(plot, title);
}

/** The stages' names in their colours, in one line above the bars. */
function legend(stages: readonly string[]): Plot.Markish[] {
  let dx = 0;
  return stages.flatMap(stage => {
    const at = { frameAnchor: 'top-left', dy: -18 } as const;
    const marks = [
      Plot.dot([stage], { ...at, dx: dx + 5, fill: stageColour(stage), symbol: 'square', r: 5 }),
      Plot.text([stage], { ...at, text: text => text, dx: dx + 14, dy: -24, textAnchor: 'start' }),
    ];
    dx += 24 + 7 * stage.length;
    return marks;
  });
}
