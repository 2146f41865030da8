import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { stopCommand } from './command.js';

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/**
 * A directory for the length of `work`. A signal that ends the process takes the directory and the command under way along: the
 * listener goes before the one that dies of the signal.
 */
export async function withScratch<T>(work: (directory: string) => Promise<T>): Promise<T> {
  const directory = mkdtempSync(join(tmpdir(), 'kheaders-pack-bench-'));
  const remove = (): void => rmSync(directory, { recursive: true, force: true });
  const end = (): void => {
    stopCommand();
    remove();
  };
  for (const signal of SIGNALS) process.prependOnceListener(signal, end);
  try {
    return await work(directory);
  } finally {
    for (const signal of SIGNALS) process.off(signal, end);
    remove();
  }
}
