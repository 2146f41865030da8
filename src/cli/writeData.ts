import { commitAll, openSink } from '../archive/sink.js';

/** Writes a result of the command line to a file, whole or not at all, or to standard output (`-`). */
export async function writeData(path: string, content: string | Uint8Array): Promise<void> {
  const output =
    path === '-'
      ? ({ kind: 'writable', writable: process.stdout, name: 'standard output' } as const)
      : ({ kind: 'file', path } as const);
  const sink = await openSink(output);
  try {
    await sink.write(typeof content === 'string' ? Buffer.from(content) : content);
    await commitAll([sink]);
  } catch (error) {
    await sink.discard();
    throw error;
  }
}
