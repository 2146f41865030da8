import { styleText } from 'node:util';

type Style = 'bold' | 'red' | 'green' | 'cyan' | 'yellow';

/** Colour where standard output is a terminal and NO_COLOR, which counts when it is not empty, does not forbid it. */
const isColoured = process.stdout.isTTY === true && (process.env['NO_COLOR'] ?? '') === '';

export function painted(style: Style, text: string): string {
  return isColoured ? styleText(style, text) : text;
}
