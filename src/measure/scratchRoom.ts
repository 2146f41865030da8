import { makeScratchDirectory, removeTemporary } from '../archive/temporary.js';

/** A directory for the length of `work`, which does not outlive the process either. */
export async function withScratch<T>(work: (directory: string) => Promise<T>): Promise<T> {
  const directory = makeScratchDirectory('bench');
  try {
    return await work(directory);
  } finally {
    removeTemporary(directory);
  }
}
