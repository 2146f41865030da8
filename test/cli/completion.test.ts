import assert from 'node:assert/strict';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { after, describe, it } from 'node:test';
import { SHELLS, type Shell } from '../../src/cli/reference/shells.js';
import { succeeded } from '../support/archive.js';
import { run, runCli } from '../support/cli.js';
import { COMMANDS, REFERENCE, shared } from '../support/reference.js';
import { scratch } from '../support/scratch.js';
import { unless } from '../support/tools.js';

const work = scratch({ after });
for (const directory of ['linux', 'linux-6.12']) mkdirSync(join(work, directory));
for (const file of ['link.tar.xz', 'my archive.tar.xz']) writeFileSync(join(work, file), '');

const NAMES = REFERENCE.commands.map(({ name }) => name);
/** The commands that a line can be one of; `cache` alone is none. */
const LEAVES = [...COMMANDS].filter(([, { commands, name }]) => commands.length === 0 && name !== 'help');

describe('completion', () => {
  for (const [name, shell] of Object.entries(SHELLS)) {
    it(`for ${name} is printed, and the same as in the file that is shipped`, async () => {
      const { stdout } = succeeded(await runCli(['completion', name]));
      assert.equal(stdout.toString(), textOf(shell));
    });
  }

  it('for another shell is refused by name', async () => {
    const { code, stderr, stdout } = await runCli(['completion', 'tcsh']);
    assert.deepEqual([code, stdout.length], [2, 0]);
    assert.match(stderr, /^kheaders-pack: Invalid value "tcsh" for SHELL: expected one of bash, zsh, fish\n/);
  });
});

/** Lines to complete: words, the last of them unfinished, and what is offered. */
const OFFERS: readonly (readonly [line: string, offers: readonly string[]])[] = [
  ['ver', ['verify']],
  ['linux', ['linux', 'linux-6.12']],
  ['--strip ', ['comments', 'kernel', 'tokens', 'none']],
  ['--strip to', ['tokens']],
  ['pack --profile m', ['modules']],
  ['--objtree l', ['linux', 'linux-6.12']],
  ['-o l', ['link.tar.xz', 'linux', 'linux-6.12']],
  ['list my', ['my archive.tar.xz']],
  ['list -j 2 li', ['link.tar.xz', 'linux', 'linux-6.12']],
  ['verify link.tar.xz l', ['linux', 'linux-6.12']],
  ['kbuild --cache l', ['linux', 'linux-6.12']],
  ['bench --strip comments,to', ['comments,tokens']],
  ['bench --peers gen', ['gen_kheaders.sh']],
  ['cache ', ['info', 'verify', 'prune', 'clear', 'help']],
  ['cache prune --cache-s', ['--cache-size']],
  ['completion z', ['zsh']],
  ['help ka', []],
  ['help k', ['kbuild']],
  ['--jobs ', []],
];

describe('bash completion', { skip: unless('bash') }, () => {
  it('is bound to the command', async () => {
    const { stdout } = succeeded(await bash('complete -p kheaders-pack'));
    assert.equal(stdout.toString(), 'complete -F _kheaders_pack kheaders-pack\n');
  });

  it('offers every option of every command', async () => {
    for (const [path, command] of LEAVES) {
      const offered = await offeredByBash([...path.split(' ').slice(1), '-']);
      const options = command.options.flatMap(({ short, long }) => (short === null ? [long] : [short, long]));
      assert.deepEqual(offered, options.sort(), path);
    }
  });

  it('offers those of pack, and every command, where none is named', async () => {
    const first = await offeredByBash(['']);
    for (const name of NAMES) assert.ok(first.includes(name), name);
    const options = await offeredByBash(['--']);
    for (const option of ['--compat', '--jobs', '--version', '--help']) assert.ok(options.includes(option), option);
    assert.ok(!(await offeredByBash(['linux', '--'])).includes('--version'));
  });

  for (const [line, offers] of OFFERS) {
    it(`offers for "${line}" ${offers.length === 0 ? 'nothing' : offers.join(', ')}`, async () => {
      assert.deepEqual(await offeredByBash(line.split(' ')), [...offers].sort());
    });
  }

  it('knows the words that bash cuts at "="', async () => {
    assert.deepEqual(await offeredByBash(['--strip', '=']), ['comments', 'kernel', 'none', 'tokens']);
    assert.deepEqual(await offeredByBash(['--strip', '=', 'no']), ['none']);
    assert.deepEqual(await offeredByBash(['bench', '--check', '=', 'crc64,s']), ['crc64,sha256']);
    assert.deepEqual(await offeredByBash(['stable', '=', 'linux-']), ['linux-6.12']);
    assert.deepEqual(await offeredByBash(['list', '--json', '=', 'link']), ['link.tar.xz']);
    // Where it does not, what is offered has all of the word.
    assert.deepEqual(await offeredByBash(['--strip=no'], "COMP_WORDBREAKS=' '"), ['--strip=none']);
    assert.deepEqual(await offeredByBash(['stable=linux-'], "COMP_WORDBREAKS=' '"), ['stable=linux-6.12']);
  });

  it('takes --json alone for no value, and what is behind -- for arguments', async () => {
    assert.deepEqual(await offeredByBash(['list', '--json', 'link']), ['link.tar.xz']);
    assert.deepEqual(await offeredByBash(['list', '--', '--']), []);
    assert.deepEqual(await offeredByBash(['kbuild', '--cache', '--symv']), ['--symvers']);
  });
});

describe('fish completion', { skip: unless('fish') }, () => {
  it('is a script that fish can read', async () => {
    const { stderr } = succeeded(await fish(['--no-execute', shared(SHELLS.fish.place)]));
    assert.equal(stderr, '');
  });

  it('offers every option of every command', async () => {
    const lines = LEAVES.map(([path]) => `${path} -`);
    const offered = await offeredByFish(lines);
    LEAVES.forEach(([path, { options }], i) => {
      for (const { long } of options) assert.ok(offered[i]?.includes(long), `${path} ${long}`);
    });
  });

  it('offers what bash does', async () => {
    // But that it does not count arguments: a file is offered wherever one of them is a file.
    const alike = OFFERS.filter(([line]) => !['verify link.tar.xz l', 'kbuild --cache l'].includes(line));
    const offered = await offeredByFish(alike.map(([line]) => `kheaders-pack ${line}`));
    alike.forEach(([line, offers], i) => {
      assert.deepEqual(offered[i], [...offers].sort(), line);
    });
  });
});

describe('zsh completion', { skip: unless('zsh') }, () => {
  const script = textOf(SHELLS.zsh);

  it('is a script that zsh can read, with a function for each command', async () => {
    assert.match(script, /^#compdef kheaders-pack\n/);
    const place = shared(SHELLS.zsh.place);
    assert.equal(succeeded(await run('zsh', ['-f', '-n', place])).stderr, '');
    const { stdout } = succeeded(
      await run('zsh', ['-f', '-c', `compdef() { : }; source ${place}; print -l \${(k)functions}`]),
    );
    const functions = stdout.toString().split('\n');
    for (const path of COMMANDS.keys()) {
      assert.ok(functions.includes(`_${path.replaceAll(' ', '-')}`), path);
    }
  });

  it('is bound to the command when it is sourced behind compinit', async () => {
    const script = `autoload -Uz compinit; compinit -u -D; source ${shared(SHELLS.zsh.place)}; print $_comps[kheaders-pack]`;
    const { stdout, stderr } = succeeded(await run('zsh', ['-f', '-c', script]));
    assert.deepEqual([stdout.toString(), stderr], ['_kheaders-pack\n', '']);
  });

  it('completes in its line editor', async () => {
    const LINES: readonly (readonly [typed: string, read: string])[] = [
      ['ver', 'verify'],
      ['--strip to', '--strip|tokens'],
      ['--strip=to', '--strip=tokens'],
      ['pack --profile m', 'pack|--profile|modules'],
      ['--objtree linux-', '--objtree|linux-6.12'],
      ['list my', 'list|my archive.tar.xz'],
      ['verify link.tar.xz linux-', 'verify|link.tar.xz|linux-6.12'],
      ['cache prune --cache-s', 'cache|prune|--cache-size'],
      ['completion z', 'completion|zsh'],
      ['help kb', 'help|kbuild'],
    ];
    const read = await readByZsh(LINES.map(([typed]) => typed));
    assert.deepEqual(
      read,
      LINES.map(([, expected]) => expected),
    );
  });

  it('has every option of every command with its words', () => {
    for (const [path, command] of LEAVES) {
      const name = `_${path.replaceAll(' ', '-')}() {`;
      const body = script.slice(script.indexOf(`\n${name}`)).split('\n}\n')[0] ?? '';
      for (const { long, value } of command.options) {
        const spec = body.split('\n').find(line => new RegExp(`^ +'[^\\[]*${long}=?-?\\[`).test(line)) ?? '';
        assert.notEqual(spec, '', `${path} ${long}`);
        for (const word of value?.words ?? []) assert.ok(spec.includes(word), `${path} ${long} ${word}`);
      }
    }
  });
});

/**
 * What a command line of zsh's gets of each line when the tabulator is pressed at its end, and then the newline: the arguments, parted
 * by bars. A function has the program's place. The editor takes one key after the other, so nothing depends on time.
 */
async function readByZsh(lines: readonly string[]): Promise<string[]> {
  const directory = dirname(shared(SHELLS.zsh.place));
  const script = `
    zmodload zsh/zpty
    zpty shell zsh -f -i
    type() { zpty -w shell "$1" }
    # Reads until a line has both marks: the terminal echoes what is typed, where they are apart.
    heard() {
      local line text=''
      while zpty -r shell line; do text+=$line; [[ $text == *'<<'*'>>'* ]] && break; done
      print -r -- "\${\${text#*<<}%%>>*}"
    }
    type "PS1= PS2= fpath=(\${(q)1} \\$fpath); autoload -Uz compinit; compinit -u -D; bindkey '^I' complete-word; unsetopt zle_bracketed_paste prompt_sp"
    type 'kheaders-pack() { print -r -- "<""<\${(j:|:)@}>"">" }; print "<""<ready>"">"'
    heard
    shift
    for line; do type "kheaders-pack $line"$'\t'; heard; done
    zpty -d shell`;
  const { stdout, stderr } = succeeded(
    await run('zsh', ['-f', '-c', script, 'zsh', directory, ...lines], { cwd: work }),
  );
  assert.equal(stderr, '');
  return stdout.toString().split('\n').slice(1, -1);
}

function textOf(shell: Shell): string {
  return readFileSync(shared(shell.place), 'utf8');
}

function bash(script: string, ...words: readonly string[]) {
  const lines = `source ${shared(SHELLS.bash.place)}\n${script}`;
  return run('bash', ['--norc', '--noprofile', '-c', lines, 'bash', ...words], { cwd: work });
}

/** What is offered for the last of these words, as COMP_WORDS has them behind the command's name. */
async function offeredByBash(words: readonly string[], before = ''): Promise<string[]> {
  const ask = `COMP_WORDS=(kheaders-pack "$@"); COMP_CWORD=$#; _kheaders_pack; printf "%s\\0" "\${COMPREPLY[@]}"`;
  const { stdout, stderr } = succeeded(await bash(`${before}\n${ask}`, ...words));
  assert.equal(stderr, '');
  return stdout.toString().split('\0').filter(Boolean).sort();
}

function fish(args: readonly string[]) {
  return run('fish', ['--no-config', ...args], {
    cwd: work,
    env: { HOME: work, XDG_CONFIG_HOME: join(work, 'config') },
  });
}

/** What is offered for the end of each line, in one run of the shell: it takes its time to start. */
async function offeredByFish(lines: readonly string[]): Promise<string[][]> {
  const ask = lines.map(line => `complete -C '${line}'; echo`).join('\n');
  const { stdout, stderr } = succeeded(await fish(['-c', `source ${shared(SHELLS.fish.place)}\n${ask}`]));
  assert.equal(stderr, '');
  const offered = [...stdout.toString().matchAll(/((?:.+\n)*)\n/g)].map(match => match[1] ?? '');
  assert.equal(offered.length, lines.length);
  // Behind a tabulator stands the description; a slash at the end of a directory.
  return offered.map(text =>
    text
      .split('\n')
      .filter(Boolean)
      .map(line => line.replace(/\t.*/, '').replace(/\/$/, ''))
      .sort(),
  );
}
