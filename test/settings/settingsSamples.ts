import { Readable, Writable } from 'node:stream';
import type { Environment } from '../../src/settings/environment.js';

/** An environment in which nothing is set. */
export function environment(change: Partial<Environment>): Environment {
  return {
    variables: {},
    workingDirectory: '/nowhere',
    kernelRelease: '0.0.0-none',
    machine: 'x86_64',
    parallelism: 2,
    systemRoot: '/nowhere',
    standardInput: () => Readable.from([]),
    standardOutput: new Writable({ write: (_chunk, _encoding, done) => done() }),
    isTerminal: false,
    umask: 0o022,
    ...change,
  };
}
