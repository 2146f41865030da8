import * as Plot from '@observablehq/plot';
import { parseHTML } from 'linkedom';

/** A drawing as it goes into a page or a file. */
export interface Drawing {
  /** What a file of it is called, and its place in a page. */
  readonly name: string;
  readonly title: string;
  /** What to see in it. */
  readonly caption: string;
  readonly draw: (width: number) => string;
}

/** Colours by what is drawn; the page's style says what they are on light and dark ground. */
export const COLOURS = {
  ours: 'var(--ours)',
  peer: 'var(--peer)',
  front: 'var(--front)',
  faint: 'var(--faint)',
} as const;

/** Text that is read over lines and bars: a rim in the ground's colour. */
export const HALO = { fill: 'currentColor', stroke: 'var(--ground)', strokeWidth: 4 } as const;

/** Widths in CSS pixels: of a page on a desk, and of a telephone held upright. */
export const WIDTHS = { wide: 900, narrow: 350 } as const;

const { document } = parseHTML('<!doctype html><html><body></body></html>');
/** CSS pixels. */
const FONT_SIZE = 12;

/** A plot as Observable Plot makes it, on a document that lives in memory, since there is no browser here. */
export function plotOf(options: Plot.PlotOptions): ReturnType<typeof Plot.plot> {
  return Plot.plot({ document, style: { fontSize: `${FONT_SIZE}px`, background: 'none' }, ...options });
}

/** The plot as text. Without a namespace it would be no image outside of HTML. */
export function svgText(plot: ReturnType<typeof Plot.plot>, label: string): string {
  plot.setAttribute('xmlns', 'http://www.w3.org/2000/svg');
  plot.setAttribute('role', 'img');
  plot.setAttribute('aria-label', label);
  return plot.outerHTML;
}
