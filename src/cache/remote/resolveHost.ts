import { execFile } from 'node:child_process';
import { type LookupAddress, type LookupOptions, lookup } from 'node:dns';
import { isIP } from 'node:net';
import { systemCode } from '../../errors.js';

type Answer = (error: NodeJS.ErrnoException | null, address: string | LookupAddress[], family?: number) => void;

/**
 * Finds a host's addresses as the system does, in a process of its own (`getent ahosts`): a name server that does not answer
 * holds up whoever asks it for ten seconds or more, and Node cannot take back a question of its own, nor end while one is
 * open. A child can be killed. Where there is no getent, Node asks.
 *
 * @param signal ends the question
 */
export function hostResolver(signal: AbortSignal): (host: string, options: LookupOptions, answer: Answer) => void {
  const asked = new Map<string, Promise<LookupAddress[]>>();
  return (host, options, answer) => {
    const addresses = asked.get(host) ?? addressesOf(host, signal);
    asked.set(host, addresses);
    addresses.then(
      found => {
        const [first] = found;
        if (first === undefined) answer(notFound(host), []);
        else if (options.all === true) answer(null, found);
        else answer(null, first.address, first.family);
      },
      (error: NodeJS.ErrnoException) => answer(error, []),
    );
  };
}

function addressesOf(host: string, signal: AbortSignal): Promise<LookupAddress[]> {
  return new Promise((resolve, reject) => {
    execFile('getent', ['ahosts', host], { signal, killSignal: 'SIGKILL' }, (error, stdout) => {
      if (error === null) resolve(parseAddresses(stdout));
      else if (systemCode(error) === 'ENOENT')
        lookup(host, { all: true }, (failed, found) => (failed ? reject(failed) : resolve(found)));
      else reject(systemCode(error) === 'ABORT_ERR' ? error : notFound(host));
    });
  });
}

/** Each address once, from lines such as `192.0.2.1  STREAM host`. */
function parseAddresses(text: string): LookupAddress[] {
  const addresses = new Set(text.split('\n').map(line => line.split(/\s/)[0] ?? ''));
  return [...addresses].map(address => ({ address, family: isIP(address) })).filter(({ family }) => family !== 0);
}

function notFound(host: string): NodeJS.ErrnoException {
  return Object.assign(new Error(`no such host: ${host}`), { code: 'ENOTFOUND' });
}
