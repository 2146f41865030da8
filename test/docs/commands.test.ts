/**
 * What the documents show is what the program does. Blocks of shell run, in order and in one directory for each document, unless
 * their first line says `# needs` and what; `# exit N` behind a command is the exit code that it has to have. Everything else that
 * names kheaders-pack is read by its own parser.
 */
import assert from 'node:assert/strict';
import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
import { after, describe, it } from 'node:test';
import { pathToFileURL } from 'node:url';
import { generateTree } from '../../corpus/synthetic.js';
import { PROGRAM, PROJECT_ROOT } from '../../corpus/trees.js';
import { run } from '../support/cli.js';
import { kernelTree, writeFiles } from '../support/kernelTree.js';
import { COMMANDS } from '../support/reference.js';
import { scratch } from '../support/scratch.js';
import { unless } from '../support/tools.js';
import { complaintAbout, linesIn } from './commandLines.js';
import { type CodeBlock, DOCUMENTS } from './documents.js';

const work = scratch({ after });
const programs = join(work, 'bin');
mkdirSync(programs);
symlinkSync(PROGRAM, join(programs, 'kheaders-pack'));
const ENVIRONMENT = {
  // With the Node that runs this test, whichever else is on the PATH.
  PATH: [programs, dirname(process.execPath), process.env['PATH']].join(delimiter),
  HOME: join(work, 'home'),
  XDG_CACHE_HOME: undefined,
  XDG_STATE_HOME: undefined,
  KHEADERS_PACK_CACHE: undefined,
};
mkdirSync(ENVIRONMENT.HOME);

/** Runs, and is not marked as needing what a test has not. */
const runs = ({ language, needs }: CodeBlock): boolean => ['sh', 'js'].includes(language) && needs === null;

describe('the commands that documents show', { concurrency: 2 }, () => {
  for (const { path, blocks } of DOCUMENTS.filter(document => document.blocks.some(runs))) {
    it(`run: ${path}`, { skip: unless('bash', 'jq', 'tar', 'xz', 'sha256sum') }, async () => {
      const directory = sandbox(path);
      for (const block of blocks.filter(runs)) {
        const ended = await run(...(block.language === 'js' ? asModule(block, directory) : asScript(block)), {
          cwd: directory,
          env: ENVIRONMENT,
        });
        assert.equal(ended.code, 0, `${path}:${block.line}: exit code ${ended.code}\n${ended.stderr}\n${ended.stdout}`);
      }
    });
  }

  it('are many', () => {
    const shown = DOCUMENTS.flatMap(({ blocks }) => blocks.filter(runs));
    assert.ok(shown.flatMap(({ lines }) => linesIn(lines.join('\n'))).length > 50);
  });
});

describe('the command lines that the program has to understand', () => {
  for (const { path, blocks, inline } of DOCUMENTS) {
    it(`have valid options: ${path}`, async () => {
      const texts = [...blocks.map(({ lines }) => lines.join('\n')), ...inline];
      for (const words of texts.flatMap(linesIn).filter(words => !isName(words))) {
        assert.equal(await complaintAbout(words), null, `${path}: kheaders-pack ${words.join(' ')}`);
      }
    });
  }

  it('include the examples of every help text', async () => {
    for (const [path, { help, commands }] of COMMANDS) {
      if (path.endsWith(' help') || (commands.length === 0 && path.split(' ').length > 2)) continue;
      // Two blanks or more part an example from what is said of it.
      const lines = linesIn((help.split('Examples:\n')[1] ?? '').replace(/(?<=\S) {2,}.*$/gm, ''));
      assert.ok(lines.length > 1, `${path} has examples`);
      for (const words of lines) {
        assert.equal(await complaintAbout(words), null, `${path}: kheaders-pack ${words.join(' ')}`);
      }
    }
  });

  it('are found, and understood as a shell does', () => {
    const text = `kheaders-pack -o a b && kheaders-pack cat a x | less
make cmd='kheaders-pack kbuild $@ "$(X) y"' # kheaders-pack no
(cd x && kheaders-pack "a b" --exclude 'c/**' > f)`;
    assert.deepEqual(linesIn(text), [
      ['-o', 'a', 'b'],
      ['cat', 'a', 'x'],
      ['kbuild', '$@', '$(X) y'],
      ['a b', '--exclude', 'c/**'],
    ]);
  });

  it('are refused where an option, an argument or a command is wrong', async () => {
    for (const line of ['--job 3', 'list --strip none', 'cat a', 'diff a', 'cache empty', 'module a'])
      assert.notEqual(await complaintAbout(line.split(' ')), null, line);
  });
});

/** `kheaders-pack cat` in running text is a name, not a line. */
function isName(words: readonly string[]): boolean {
  return words.length <= 2 && COMMANDS.has(['kheaders-pack', ...words].join(' '));
}

function asScript({ lines }: CodeBlock): [string, string[]] {
  const checked = lines.map(line => {
    const [, command = '', code] = /^(.*?)\s+# exit (\d+)\b.*$/.exec(line) ?? [];
    return code === undefined ? line : `if ${command}; then exit 99; else test $? -eq ${code}; fi`;
  });
  return ['bash', ['-euo', 'pipefail', '-c', checked.join('\n')]];
}

/** The package by its path, since it is installed nowhere. */
function asModule({ lines }: CodeBlock, directory: string): [string, string[]] {
  const library = pathToFileURL(join(PROJECT_ROOT, 'dist', 'src', 'index.js')).href;
  const file = join(directory, 'block.mjs');
  writeFileSync(file, lines.join('\n').replace("'kheaders-pack'", JSON.stringify(library)));
  return [process.execPath, [file]];
}

/** What the documents say is there: a kernel tree `linux` with the object tree `build`, and two releases. */
function sandbox(path: string): string {
  const directory = join(work, path.replaceAll('/', '-'));
  const linux = join(directory, 'linux');
  generateTree(linux, { headers: 40, seed: 3 });
  writeFiles(linux, { 'include/linux/bpf.h': '/* a */\n#define BPF 1\n' });
  writeFiles(join(directory, 'build'), {
    '.config': 'CONFIG_X86=y\n',
    'include/generated/autoconf.h': '#define CONFIG_X86 1\n',
    'include/generated/compile.h': '#define LINUX_COMPILE_BY "alice"\n',
  });
  kernelTree(join(directory, 'linux-6.1'), { 'include/linux/bpf.h': '#define BPF 1\n' });
  kernelTree(join(directory, 'linux-6.12'), { 'include/linux/bpf.h': '#define BPF 2\n' });
  return directory;
}
