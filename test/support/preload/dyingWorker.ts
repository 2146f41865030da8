/**
 * Preloaded with `--import`, into the program and its workers: a worker dies right before its DIE_AT-th task (counted in
 * each thread; 0: while it starts), as DIE_HOW says. With DIE_IN a whole process dies that has this word on its command line:
 * a child of the program.
 */
import { createRequire } from 'node:module';
import { isMainThread } from 'node:worker_threads';

const { DIE_HOW: how = '', DIE_AT: at = '', DIE_IN: word = '' } = process.env;

const DEATHS: Readonly<Record<string, () => void>> = {
  exit: () => process.exit(7),
  error: () => {
    throw new Error('sabotage');
  },
  memory: () => {
    const kept: number[][] = [];
    for (;;) kept.push(Array.from({ length: 1000 }, (_, i) => i + 0.5));
  },
  SIGSEGV: () => process.kill(process.pid, 'SIGSEGV'),
  SIGTERM: () => process.kill(process.pid, 'SIGTERM'),
  SIGINT: () => process.kill(process.pid, 'SIGINT'),
  SIGKILL: () => process.kill(process.pid, 'SIGKILL'),
};

if (word !== '') {
  if (process.argv.includes(word)) DEATHS[how]?.();
} else if (!isMainThread) {
  if (at === '0') DEATHS[how]?.();
  // piscina's worker takes each task with this function, which it looks up each time.
  const threads = createRequire(import.meta.url)('node:worker_threads') as {
    receiveMessageOnPort(port: unknown): { readonly message: unknown } | undefined;
  };
  const original = threads.receiveMessageOnPort;
  let tasks = 0;
  threads.receiveMessageOnPort = port => {
    const received = original(port);
    if (received !== undefined && ++tasks === Number(at)) DEATHS[how]?.();
    return received;
  };
}
