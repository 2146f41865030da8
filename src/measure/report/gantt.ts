import * as Plot from '@observablehq/plot';
import type { TraceEvent, TraceFile } from '../../model/trace.js';
import type { TracedRun } from '../result.js';
import { type Drawing, plotOf, svgText } from './canvas.js';
import { stageColour } from './stageColours.js';

interface Bar {
  readonly row: string;
  readonly from: number;
  readonly to: number;
  readonly colour: string;
  readonly label: string;
  readonly title: string;
}

const ROW = 30;
const MICROS = 1e6;
/** Which stage's colour the tasks have. */
const STAGE_OF: Readonly<Record<string, string>> = {
  digest: 'scan',
  encode: 'compress',
  shared: 'compress',
  confirm: 'compress',
  write: 'write',
};

/** One run, thread by thread. */
export function ganttDrawing({ name, trace }: TracedRun): Drawing {
  const { utilisation } = trace.otherData;
  const shares = Object.entries(utilisation).map(([stage, share]) => `${(100 * share).toFixed(1)} % of ${stage}`);
  const title = 'One run, thread by thread';
  return {
    name: 'workers',
    title,
    caption: `${name}. Workers were busy for ${shares.join(' and ')}. A number is a Block's place in the archive; writes happen on the main thread.`,
    draw: width => draw(trace, width, title),
  };
}

/** How many tasks wait for a worker, and how many Blocks for their turn to be written. */
export function queueDrawing({ trace }: TracedRun): Drawing {
  const title = 'What waits in that run';
  return {
    name: 'queues',
    title,
    caption:
      'Tasks handed out that no worker has taken yet: when none wait and the line above has gaps, the main thread is the limit. ' +
      'Blocks that are done and wait for an earlier one: they take memory.',
    draw: width => drawQueues(trace, width, title),
  };
}

function rowNames(trace: TraceFile): Map<number, string> {
  const names = trace.traceEvents.filter(event => event.ph === 'M' && event.name === 'thread_name');
  return new Map(names.map(({ tid, args }) => [tid, String(args['name'])]));
}

function draw(trace: TraceFile, width: number, title: string): string {
  const names = rowNames(trace);
  const bars = trace.traceEvents.flatMap(event => barOf(event, names));
  const end = Math.max(...bars.map(({ to }) => to));
  const perSecond = (width - 80) / end;
  const roomFor = ({ from, to, label }: Bar): boolean => label !== '' && (to - from) * perSecond > 8 * label.length + 4;
  const plot = plotOf({
    width,
    height: 50 + names.size * ROW,
    marginLeft: 66,
    marginRight: 10,
    marginBottom: 38,
    x: { label: 'seconds', grid: true, domain: [0, end] },
    y: { label: null, domain: [...names.values()], padding: 0.15 },
    marks: [
      Plot.barX(bars, { x1: 'from', x2: 'to', y: 'row', fill: 'colour', title: 'title', inset: 0.25 }),
      // Most writes are shorter than a pixel.
      Plot.tickX(
        bars.filter(({ row }) => row === 'writes'),
        { x: 'from', y: 'row', stroke: 'colour', strokeWidth: 1.5 },
      ),
      Plot.text(bars.filter(roomFor), {
        x: ({ from, to }: Bar) => (from + to) / 2,
        y: 'row',
        text: 'label',
        fill: '#fff',
        fontWeight: 'bold',
      }),
    ],
  });
  return svgText(plot, title);
}

function barOf(event: TraceEvent, names: ReadonlyMap<number, string>): Bar[] {
  const row = names.get(event.tid);
  if (event.ph !== 'X' || row === undefined) return [];
  const [from, to] = [event.ts / MICROS, (event.ts + (event.dur ?? 0)) / MICROS];
  const colour = stageColour(event.cat === 'stage' ? event.name : (STAGE_OF[event.cat] ?? ''));
  const label = event.cat === 'stage' ? event.name : String(event.args['block'] ?? '');
  return [
    { row, from, to, colour, label, title: `${event.name}, ${(to - from).toFixed(3)} s from ${from.toFixed(3)} s` },
  ];
}

function drawQueues(trace: TraceFile, width: number, title: string): string {
  const counters = trace.traceEvents.filter(event => event.ph === 'C');
  const end = Math.max(...trace.traceEvents.map(event => event.ts + (event.dur ?? 0))) / MICROS;
  const steps = counters.map(({ name, ts, args }) => ({ name, at: ts / MICROS, count: Number(args['count']) }));
  const plot = plotOf({
    width,
    height: 220,
    marginLeft: 66,
    marginRight: 10,
    marginBottom: 38,
    x: { label: 'seconds', domain: [0, end] },
    y: { label: null, ticks: 2, tickFormat: 'd', grid: true },
    fy: { label: null, axis: null, padding: 0.3 },
    marginTop: 24,
    facet: { data: steps, y: 'name' },
    marks: [
      Plot.areaY(steps, { x: 'at', y: 'count', curve: 'step-after', fill: stageColour('compress'), fillOpacity: 0.7 }),
      Plot.text(steps, Plot.selectFirst({ text: 'name', frameAnchor: 'top-left', dx: 2, dy: -16 })),
      Plot.ruleY([0]),
    ],
  });
  return svgText(plot, title);
}
