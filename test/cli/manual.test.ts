import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { PROJECT_ROOT } from '../../corpus/trees.js';
import { escaped, prose } from '../../src/cli/reference/roff.js';
import { VARIABLES } from '../../src/cli/reference/variables.js';
import { sourceFiles } from '../architecture/sources.js';
import { succeeded } from '../support/archive.js';
import { run } from '../support/cli.js';
import { COMMANDS, shared } from '../support/reference.js';
import { unless } from '../support/tools.js';

const PAGE = shared('man/man1/kheaders-pack.1');
const source = readFileSync(PAGE, 'utf8');

describe('the manual page', () => {
  it('is where package.json says, for npm to link', () => {
    const { man, files } = JSON.parse(readFileSync(join(PROJECT_ROOT, 'package.json'), 'utf8'));
    assert.deepEqual(
      man.map((path: string) => join(PROJECT_ROOT, path)),
      [PAGE],
    );
    assert.ok(files.includes('dist/share'));
  });

  it('is what mandoc calls clean', { skip: unless('mandoc') }, async () => {
    const { stdout } = await run('mandoc', ['-T', 'lint', PAGE]);
    const found = stdout.toString().split('\n').filter(Boolean);
    // A date would be the clock's of whoever builds, and two builds would differ.
    assert.deepEqual(
      found.filter(line => !line.endsWith('WARNING: missing date, using "": TH')),
      [],
    );
  });

  it('is shown by man without a warning', { skip: unless('man') }, async () => {
    const env = { LC_ALL: 'C.UTF-8', MANWIDTH: '100', MAN_KEEP_FORMATTING: undefined };
    const { stdout, stderr } = succeeded(await run('man', ['--warnings', '-l', PAGE], { env }));
    assert.equal(stderr, '');
    const shown = stdout.toString();
    assert.match(shown, /^KHEADERS-PACK\(1\) +User Commands +KHEADERS-PACK\(1\)\n/);
    // What is copied from a page has to be what a shell reads.
    assert.ok(shown.includes("kheaders-pack --profile all --exclude 'tools/**'"));
    assert.ok(shown.includes("make cmd_genikh='kheaders-pack kbuild $@'"));
  });

  it('has every option of every command, under its command', { skip: unless('mandoc') }, async () => {
    const { stdout } = succeeded(await run('mandoc', ['-T', 'ascii', '-O', 'width=500', PAGE]));
    // Letters printed twice, or over a line, are bold and underlined.
    const text = stdout.toString().replace(/.[\b]/g, '');
    const sections = new Map(
      text
        .split(/\n(?= {3}kheaders-pack )/)
        .map(section => [/^ {3}(kheaders-pack \S+)/.exec(section)?.[1] ?? '', section]),
    );
    let options = 0;
    for (const [path, command] of COMMANDS) {
      if (path === 'kheaders-pack' || command.name === 'help') continue;
      const section = sections.get(path.split(' ').slice(0, 2).join(' ')) ?? '';
      for (const { long, short, description, value } of command.options) {
        const line = section.split('\n').find(each => new RegExp(`^ +(-\\w, )?${long}(?![\\w-])`).test(each)) ?? '';
        assert.notEqual(line, '', `${path} ${long}`);
        assert.ok(short === null || line.includes(`${short}, `), `${path} ${short}`);
        assert.ok(value === null || line.includes(value.placeholder), `${path} ${long} ${value?.placeholder}`);
        assert.ok(section.includes(description), `${path}: ${description}`);
        for (const word of value?.words ?? []) assert.ok(section.includes(word), `${path} ${long} ${word}`);
        options += 1;
      }
      for (const { shown, description } of command.arguments) {
        assert.ok(section.includes(shown) && section.includes(description), `${path} ${shown}`);
      }
    }
    assert.ok(options > 150);
  });

  it('has the examples of every help text', () => {
    for (const [path, { help }] of COMMANDS) {
      const [, examples = ''] = help.split('Examples:\n');
      for (const line of examples.split('\n').filter(each => each.startsWith('  '))) {
        assert.ok(source.includes(`\n${escaped(line.slice(2))}\n`), `${path}: ${line}`);
      }
    }
  });

  it('names every variable of ours that the program reads', () => {
    const named = VARIABLES.map(([name]) => name);
    for (const name of named) assert.ok(source.includes(`\\fB${name}\\fR`), name);
    const read = sourceFiles()
      .filter(({ path }) => !path.startsWith('cli/reference/'))
      .flatMap(({ text }) => [
        ...text.matchAll(/\['((?:KHEADERS_PACK|XDG|KBUILD_BUILD|SOURCE)_\w+|NETRC|NO_COLOR)'\]/g),
      ])
      .map(match => match[1] ?? '');
    assert.ok(read.length > 10);
    assert.deepEqual(
      read.filter(name => !named.includes(name)),
      [],
    );
  });
});

describe('roff', () => {
  it('keeps letters that it would draw otherwise, and lines that it would take for requests', () => {
    assert.equal(prose('a ~/x `y` "z" \\n it\'s'), 'a \\(ti/x \\(gay\\(ga \\(dqz\\(dq \\en it\\(aqs');
    assert.equal(prose('.TH'), '\\&.TH');
    assert.equal(prose('with --json or -j'), 'with \\fB\\-\\-json\\fR or \\fB\\-j\\fR');
    assert.ok(
      prose('word '.repeat(100))
        .split('\n')
        .every(line => line.length <= 79),
    );
  });
});
