import { styleText } from 'node:util';

type Style = 'bold' | 'red' | 'green' | 'cyan' | 'yellow';

/** Colour where standard output is a terminal that knows it and NO_COLOR, which counts when it is not empty, is unset. */
const isColoured =
  process.stdout.isTTY === true && process.env['TERM'] !== 'dumb' && (process.env['NO_COLOR'] ?? '') === '';

export function painted(style: Style, text: string): string {
  return isColoured ? styleText(style, text, { validateStream: false }) : text;
}
