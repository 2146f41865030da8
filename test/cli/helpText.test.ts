import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { Command } from 'commander';
import { addNotes } from '../../src/cli/helpText.js';

const TEXT = `
One two three four five six seven eight nine ten eleven twelve
thirteen.

Examples:
  a line that is longer than the terminal is wide, and stays as it is
`;

/** What the help has behind the options where the terminal has so many columns. */
function notesAt(columns: number, text = TEXT): string {
  let written = '';
  const command = new Command('x').configureOutput({
    writeOut: text => {
      written += text;
    },
    getOutHelpWidth: () => columns,
  });
  addNotes(command, text).outputHelp();
  return written.slice(written.indexOf('One'));
}

const EXAMPLES = TEXT.slice(TEXT.indexOf('\n\nExamples:'));

describe('the text behind the options', () => {
  it('is wrapped to the terminal, with its examples as they are', () => {
    const wrapped = 'One two three four five six seven eight\nnine ten eleven twelve thirteen.';
    assert.equal(notesAt(40), `${wrapped}${EXAMPLES}`);
  });

  it('is no wider than 100 columns on a wider terminal', () => {
    const lines = notesAt(400, 'One '.repeat(100)).trimEnd().split('\n');
    assert.deepEqual(
      lines.map(line => line.length),
      [99, 99, 99, 99],
    );
  });

  it('has a line for a word that is longer than the terminal is wide', () => {
    assert.match(notesAt(5), /^One\ntwo\nthree\nfour\nfive\nsix\nseven\n/);
  });
});
