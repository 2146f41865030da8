import * as Plot from '@observablehq/plot';
import type { BenchResult, Contended } from '../result.js';
import { COLOURS, type Drawing, HALO, plotOf, svgText } from './canvas.js';
import { placeLabels } from './labels.js';
import { numbered } from './numbered.js';

const MIB = 2 ** 20;
/** From this ratio of slowest to fastest on, time is drawn in powers. */
const LOG_FROM = 6;

interface Dot {
  readonly text: string;
  readonly seconds: number;
  readonly low: number;
  readonly high: number;
  readonly size: number;
  readonly each: Contended;
}

/**
 * The plane of time and size with its front.
 *
 * @param labels what stands beside each point: its number in the table, or, where there is no table, its name
 */
export function sizeTimeDrawing(result: BenchResult, labels: 'numbers' | 'names'): Drawing {
  const dots = numbered(result).map(
    ({ number, each }): Dot => ({
      text: labels === 'numbers' ? String(number) : nameOf(each),
      seconds: each.seconds.median,
      low: each.seconds.low,
      high: each.seconds.high,
      size: each.bytes / MIB,
      each,
    }),
  );
  const title = 'Size and time';
  return {
    name: 'size-time',
    title,
    caption:
      'Down is smaller, left is faster. The line is the front: what is on it is beaten by nobody in both. ' +
      'Circles are ours, triangles are other programs, the numbers are those of the table; a bar is the interval of the median.',
    draw: width => draw(dots, width, title),
  };
}

/** In short: every one of ours is a kheaders-pack, and a peer's option that names all others says enough. */
function nameOf({ kind, name }: Contended): string {
  return kind === 'ours' ? name.replace(/^kheaders-pack /, '') : name.replace(/ --lzma2=\S+/, ' ...');
}

function draw(dots: readonly Dot[], width: number, title: string): string {
  const bare = plotOf(options(dots, width, []));
  const [x, y] = [bare.scale('x'), bare.scale('y')];
  const labels = dots.map(dot => ({ x: x?.apply(dot.seconds), y: y?.apply(dot.size), text: dot.text }));
  const places = placeLabels(labels, width);
  const texts = dots.map((dot, i) => {
    const look = { fontWeight: dot.each.isOnFront ? 'bold' : 'normal', ...places[i] };
    return Plot.text([dot], { x: 'seconds', y: 'size', text: 'text', ...HALO, ...look });
  });
  return svgText(plotOf(options(dots, width, texts)), title);
}

function options(dots: readonly Dot[], width: number, texts: Plot.Markish[]): Plot.PlotOptions {
  const front = dots.filter(({ each }) => each.isOnFront).sort((a, b) => a.seconds - b.seconds);
  const seconds = dots.flatMap(dot => [dot.low, dot.high]);
  const isLog = Math.max(...seconds) / Math.min(...seconds) >= LOG_FROM;
  const of = (kind: Contended['kind']): Dot[] => dots.filter(({ each }) => each.kind === kind);
  const dot = (kind: Contended['kind'], symbol: 'circle' | 'triangle'): Plot.Markish =>
    Plot.dot(of(kind), {
      x: 'seconds',
      y: 'size',
      fill: kind === 'ours' ? COLOURS.ours : COLOURS.peer,
      r: 5,
      symbol,
      title: ({ text, each }: Dot) => `${text}. ${each.name}: ${each.bytes} bytes, ${each.seconds.median.toFixed(2)} s`,
    });
  return {
    width,
    height: Math.max(320, Math.round(width * 0.55)),
    marginLeft: 52,
    marginBottom: 42,
    insetLeft: 18,
    insetRight: 24,
    insetTop: 18,
    insetBottom: 18,
    grid: true,
    x: {
      type: isLog ? 'log' : 'linear',
      label: 'seconds',
      ...(isLog ? { tickFormat: (value: number) => String(value), ticks: width < 500 ? 4 : 8 } : { nice: true }),
    },
    y: { label: 'MiB', nice: true },
    marks: [
      Plot.ruleY(dots, { x1: 'low', x2: 'high', y: 'size', stroke: COLOURS.faint, strokeWidth: 2 }),
      Plot.line(front, { x: 'seconds', y: 'size', curve: 'step-after', stroke: COLOURS.front, strokeWidth: 2.5 }),
      dot('peer', 'triangle'),
      dot('ours', 'circle'),
      ...texts,
    ],
  };
}
