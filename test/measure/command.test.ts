import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, describe, it } from 'node:test';
import { type Command, CommandFailed, measureCommand } from '../../src/measure/command.js';
import { scratch } from '../support/scratch.js';

const directory = scratch({ after });
const MIB = 2 ** 20;

function node(script: string, more: Partial<Command> = {}): Command {
  const fixed = { workingDirectory: directory, variables: {}, input: null, output: null };
  return { command: process.execPath, args: ['-e', script], ...fixed, ...more };
}

const BURN = 'const until = process.cpuUsage().user + 500_000; while (process.cpuUsage().user < until);';

describe('a measured command', () => {
  it('tells its processor time, its children included, and nothing of the time that it waits', async () => {
    const burns = await measureCommand(node(BURN));
    assert.ok(burns.cpuSeconds >= 0.45 && burns.cpuSeconds < burns.seconds + 0.5, JSON.stringify(burns));
    const child = `require('node:child_process').spawnSync(process.execPath, ['-e', ${JSON.stringify(BURN)}])`;
    assert.ok((await measureCommand(node(child))).cpuSeconds >= 0.45);
    const sleeps = await measureCommand(node('setTimeout(() => {}, 1000)'));
    assert.ok(sleeps.seconds >= 1 && sleeps.cpuSeconds < 0.9 * sleeps.seconds, JSON.stringify(sleeps));
  });

  it('tells its own peak memory, after it was given back too, and not what its parent has', async () => {
    const parents = Buffer.alloc(300 * MIB, 1);
    const fill = 'let b = Buffer.alloc(150 * 2 ** 20, 1); setTimeout(() => { b = null; }, 200)';
    const { peakMemory } = await measureCommand(node(fill));
    assert.ok(peakMemory > 150 * MIB && peakMemory < 290 * MIB, String(peakMemory));
    const small = await measureCommand({ ...node(''), command: 'sleep', args: ['0.2'] });
    assert.ok(small.peakMemory > 0 && small.peakMemory < 20 * MIB, String(small.peakMemory));
    assert.equal(parents.length, 300 * MIB);
  });

  it('tells the peak of the largest of its processes', async () => {
    const fill = 'const b = Buffer.alloc(150 * 2 ** 20, 1); setTimeout(() => b, 300)';
    const child = `require('node:child_process').spawn(process.execPath, ['-e', ${JSON.stringify(fill)}])`;
    const { peakMemory } = await measureCommand(node(child));
    assert.ok(peakMemory > 150 * MIB, String(peakMemory));
  });

  it('reads and writes the files it is given, or hands over what it printed', async () => {
    const copy = 'process.stdin.pipe(process.stdout)';
    const [input, output] = [process.execPath, join(directory, 'copy')];
    const { output: printed } = await measureCommand(node(copy, { input, output }));
    assert.equal(printed, '');
    assert.ok(readFileSync(output).equals(readFileSync(input)));
    const { output: variable } = await measureCommand(node('console.log(process.env.A)', { variables: { A: 'b' } }));
    assert.equal(variable, 'b\n');
  });

  it('that fails says how, and what it said', async () => {
    const failing = 'console.error("no room"); process.exitCode = 3';
    await assert.rejects(measureCommand(node(failing)), new CommandFailed('exit code 3, no room', null));
    await assert.rejects(
      measureCommand(node('process.kill(process.pid)')),
      new CommandFailed('signal SIGTERM', 'SIGTERM'),
    );
    const missing = { ...node(''), command: join(directory, 'nothing') };
    await assert.rejects(measureCommand(missing), new CommandFailed('no such file or directory', null));
    const nowhere = join(directory, 'no', 'such');
    const expected = { name: 'CommandFailed', message: `cannot open "${nowhere}": no such file or directory` };
    await assert.rejects(measureCommand(node('', { input: nowhere })), expected);
    await assert.rejects(measureCommand(node('', { input: process.execPath, output: nowhere })), expected);
  });
});
