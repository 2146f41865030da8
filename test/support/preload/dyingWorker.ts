/**
 * Preloaded with `--import`, into the program and its workers: a worker dies right before its DIE_AT-th task (counted in
 * each thread; 0: while it starts), as DIE_HOW says. With DIE_IN a whole process dies that has this word on its command line:
 * a child of the program.
 */
import { createRequire } from 'node:module';
import { isMainThread } from 'node:worker_threads';

type Listener = (...given: unknown[]) => void;

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
  const threads = createRequire(import.meta.url)('node:worker_threads') as {
    readonly parentPort: { on(name: string, listener: Listener): unknown };
    receiveMessageOnPort(port: unknown): { readonly message: unknown } | undefined;
  };
  let tasks = 0;
  const count = (): void => {
    if (++tasks === Number(at)) DEATHS[how]?.();
  };
  // piscina's worker takes each task with this function, which it looks up each time.
  const receive = threads.receiveMessageOnPort;
  threads.receiveMessageOnPort = port => {
    const received = receive(port);
    if (received !== undefined) count();
    return received;
  };
  // A thread that decodes is told of each Block.
  const { parentPort } = threads;
  const on = parentPort.on.bind(parentPort);
  parentPort.on = (name, listener) =>
    on(name, (...given: unknown[]) => {
      const [message] = given;
      if (name === 'message' && message instanceof Object && 'slot' in message) count();
      listener(...given);
    });
}
