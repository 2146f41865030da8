import * as Plot from '@observablehq/plot';
import type { BenchResult, Contended } from '../result.js';
import { COLOURS, type Drawing, HALO, plotOf, svgText } from './canvas.js';

interface Step {
  readonly jobs: number;
  readonly speedup: number;
  readonly low: number;
  readonly high: number;
  readonly group: string;
  readonly name: string;
}

/** How the time falls with the jobs, against the ideal line; null where the jobs were not swept. */
export function scalingDrawing(result: BenchResult): Drawing | null {
  const steps = [...groupsOf(result)]
    .filter(([, group]) => group.length > 1)
    .flatMap(([name, group]) => stepsOf(name, group));
  if (steps.length === 0) return null;
  const title = 'Scaling with jobs';
  return {
    name: 'scaling',
    title,
    caption:
      'How many times as fast as with the fewest jobs; the dashed line is as many times as there are jobs. ' +
      'A line is one combination of the other settings, a bar the interval of the median.',
    draw: width => draw(steps, width, title),
  };
}

/** Settings of ours that differ in the jobs alone, fewest jobs first. */
function groupsOf({ contenders }: BenchResult): Map<string, Contended[]> {
  const groups = new Map<string, Contended[]>();
  for (const each of contenders.filter(({ kind }) => kind === 'ours').toSorted((a, b) => a.jobs - b.jobs)) {
    const { '--jobs': _, ...others } = each.values;
    const name = Object.entries(others).flat().join(' ');
    groups.set(name, [...(groups.get(name) ?? []), each]);
  }
  return groups;
}

function stepsOf(group: string, contenders: readonly Contended[]): Step[] {
  const [fewest] = contenders;
  if (fewest === undefined) return [];
  const from = fewest.seconds.median;
  return contenders.map(({ jobs, seconds, name }) => ({
    jobs,
    speedup: from / seconds.median,
    low: from / seconds.high,
    high: from / seconds.low,
    group,
    name,
  }));
}

function draw(steps: readonly Step[], width: number, title: string): string {
  const jobs = [...new Set(steps.map(step => step.jobs))].sort((a, b) => a - b);
  const fewest = jobs[0] ?? 1;
  const most = jobs.at(-1) ?? fewest;
  const ideal = jobs.map(count => ({ jobs: count, speedup: count / fewest }));
  const middle = { jobs: (fewest + most) / 2, speedup: (fewest + most) / 2 / fewest };
  const last = steps.filter(step => step.jobs === most).sort((a, b) => b.speedup - a.speedup);
  const named = [...new Set([last[0], last.at(-1)])].filter(step => step !== undefined);
  const plot = plotOf({
    width,
    height: Math.max(280, Math.round(width * 0.42)),
    marginLeft: 46,
    marginBottom: 42,
    insetTop: 22,
    insetRight: 12,
    insetLeft: 8,
    grid: true,
    x: { label: 'jobs', ticks: jobs, tickFormat: (value: number) => String(value) },
    y: {
      label: 'times as fast',
      domain: [0, Math.max(...ideal.map(({ speedup }) => speedup), ...steps.map(step => step.high))],
    },
    marks: [
      Plot.line(ideal, { x: 'jobs', y: 'speedup', stroke: 'currentColor', strokeDasharray: '4 4' }),
      Plot.ruleX(steps, { x: 'jobs', y1: 'low', y2: 'high', stroke: COLOURS.faint, strokeWidth: 2 }),
      Plot.line(steps, { x: 'jobs', y: 'speedup', z: 'group', stroke: COLOURS.ours, strokeWidth: 2 }),
      Plot.dot(steps, {
        x: 'jobs',
        y: 'speedup',
        fill: COLOURS.ours,
        r: 4,
        title: (step: Step) =>
          `${step.name}: ${step.speedup.toFixed(2)} times as fast as ${fewest === 1 ? 'one job' : `${fewest} jobs`}`,
      }),
      // In the middle of its line, where no other label is.
      Plot.text([middle], { x: 'jobs', y: 'speedup', text: () => 'ideal', dx: -10, dy: -10, ...HALO }),
      ...named.map((step, i) =>
        Plot.text([step], {
          x: 'jobs',
          y: 'speedup',
          text: ({ speedup, group }: Step) => labelOf(speedup, group),
          textAnchor: 'end',
          ...HALO,
          lineWidth: Math.floor((0.5 * width) / 12),
          dx: -8,
          dy: i === 0 && named.length > 1 ? -12 : 18,
        }),
      ),
    ],
  });
  return svgText(plot, title);
}

/** Hyphens that do not break: an option must not end a line after its first. */
function labelOf(speedup: number, group: string): string {
  return `${speedup.toFixed(2)} ${group.replaceAll('-', '\u2011')}`.trimEnd();
}
