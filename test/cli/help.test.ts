import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { PROJECT_ROOT } from '../../corpus/trees.js';
import { COMMAND_NAMES } from '../../src/cli/names.js';
import { wholeProgram } from '../../src/cli/program.js';
import { commandsOf, referenceOf } from '../../src/cli/reference/reference.js';
import { succeeded } from '../support/archive.js';
import { runCli } from '../support/cli.js';

describe('help and version', () => {
  const PACK_OPTIONS = [
    '--objtree',
    '--arch',
    '--profile',
    '--symvers',
    '--files-from',
    '--null',
    '--include',
    '--exclude',
    '--from-tar',
    '--compat',
    '--strip',
    '--order',
    '--no-dedup',
    '--mtime',
    '--codec',
    '--preset',
    '--lzma2',
    '--allow-large-dictionary',
    '--block-size',
    '--check',
    '--output',
    '--jobs',
    '--manifest',
    '--sha256sums',
    '--provenance',
    '--trace',
    '--cache',
    '--no-cache',
    '--cache-size',
    '--paranoid',
    '--remote-cache',
    '--remote-read-only',
    '--dry-run',
    '--json',
    '--quiet',
    '--verbose',
    '--help',
  ];

  it('of pack lists every option, sorted into what the bytes depend on and what they do not', async () => {
    const { stdout, stderr } = succeeded(await runCli(['pack', '--help']));
    assert.equal(stderr, '');
    const listed = [...stdout.toString().matchAll(/^ {2}(?:-\w, )?(--[a-z\d-]+)/gm)].map(match => match[1]);
    assert.deepEqual(listed.sort(), [...PACK_OPTIONS].sort());
    const [content = '', execution = ''] = stdout.toString().split('Execution (the bytes do not depend on these):');
    assert.match(content, /Content \(the bytes depend on these\):[\s\S]*--block-size/);
    assert.match(execution, /--jobs/);
  });

  it('of list, cat and extract has examples, and an option for all that each can do', async () => {
    const READING = ['--jobs', '--memory-limit', '--quiet', '--help'];
    for (const [command, options] of Object.entries({
      list: ['--json', ...READING],
      cat: ['--manifest', ...READING],
      extract: [
        '--archive-to',
        '--directory',
        '--strip-components',
        '--kernel',
        '--portable',
        '--outside-links',
        '--json',
        '--verbose',
        ...READING,
      ],
    })) {
      const text = succeeded(await runCli([command, '--help'])).stdout.toString();
      const listed = [...text.matchAll(/^ {2}(?:-\w, )?(--[a-z\d-]+)/gm)].map(match => match[1]);
      assert.deepEqual(listed.sort(), [...options].sort(), command);
      assert.match(text, /\nExamples:\n {2}kheaders-pack /);
    }
  });

  it('of the program names its commands, options and exit codes', async () => {
    for (const args of [['--help'], ['-h'], ['help']]) {
      const text = succeeded(await runCli(args)).stdout.toString();
      for (const word of ['--version', '--help', 'pack ', 'list ', 'cat ', 'extract ', 'Exit codes: 0 '])
        assert.ok(text.includes(word), word);
    }
    assert.deepEqual((await runCli(['help', 'pack'])).stdout, (await runCli(['pack', '--help'])).stdout);
  });

  it('of a command that there is none of names those that there are', async () => {
    const { code, stderr } = await runCli(['help', 'foo']);
    assert.equal(code, 2);
    assert.equal(stderr, `kheaders-pack: Invalid value "foo" for help: expected one of ${COMMAND_NAMES.join(', ')}\n`);
  });

  it("of kbuild and verify does not state pack's defaults where theirs are others", async () => {
    const kbuild = succeeded(await runCli(['kbuild', '--help']))
      .stdout.toString()
      .replace(/\s+/g, ' ');
    assert.match(kbuild, /--strip <S> [^()]* \(default: kernel; with --no-compat: comments\)/);
    assert.match(kbuild, /--order <O> [^()]* \(default: gnu; with --no-compat: files-first\)/);
    const verify = succeeded(await runCli(['verify', '--help'])).stdout.toString();
    const [, rebuilding = ''] = verify.split('Rebuilding without a manifest (default: as the archive shows):');
    assert.match(rebuilding, /--strip/);
    assert.doesNotMatch(rebuilding, /\(default/);
  });

  it('fits into 80 columns, but for the examples', async () => {
    const program = await wholeProgram();
    for (const words of [...commandsOf(referenceOf(program)).keys()].map(line => line.split(' ').slice(1))) {
      const text = succeeded(await runCli([...words, '--help'])).stdout.toString();
      const [before = '', ...after] = text.split(/^Examples:\n(?: {2}.*\n)*/m);
      for (const line of [before, ...after].join('').split('\n'))
        assert.ok(line.length <= 80, `${words.join(' ')}: ${line}`);
    }
  });

  it('is pointed to after a usage error, that of the command in question', async () => {
    for (const [line, options] of [
      ['cat archive', 'cat'],
      ['--frobnicate', 'pack'],
      ['pack --frobnicate', 'pack'],
      ['cache frobnicate', 'cache'],
      ['cache prune --frobnicate', 'cache prune'],
    ] as const) {
      const { code, stderr } = await runCli(line.split(' '));
      assert.equal(code, 2);
      assert.match(stderr, new RegExp(`\\(run kheaders-pack ${options} --help for the options\\)\n$`));
    }
    const { code, stderr } = await runCli(['kbuild', 'x'], { env: { KHEADERS_PACK_FLAGS: '--frobnicate' } });
    assert.equal(code, 2);
    assert.match(stderr, /unknown option '--frobnicate'\n\(in KHEADERS_PACK_FLAGS; run kheaders-pack kbuild --help/);
  });

  it('tells the version that package.json has, and with --verbose what bytes and speed depend on', async () => {
    const { version } = JSON.parse(readFileSync(join(PROJECT_ROOT, 'package.json'), 'utf8'));
    for (const args of [['--version'], ['-V']]) {
      assert.equal(succeeded(await runCli(args)).stdout.toString(), `kheaders-pack ${version}\n`);
    }
    const verbose = succeeded(await runCli(['--version', '--verbose'])).stdout.toString();
    assert.match(
      verbose,
      /^kheaders-pack .*\narchive format \d+\ncodec radix\/2 \(WebAssembly build\)\ncodec liblzma\/5\.2\.3 \((-O3|prebuilt) build\)\nnode v/,
    );
    const json = JSON.parse(succeeded(await runCli(['--version', '--json'])).stdout.toString());
    assert.deepEqual([json.name, json.version], ['kheaders-pack', version]);
    assert.deepEqual(json.codecs[0], { name: 'radix', version: '2', build: 'WebAssembly', isDefault: true });
  });
});
