/**
 * Preloaded with `--import`: each thread writes `thread` to standard error when it starts, and the main one, when it ends,
 * `loaded NAME` for each package that it has loaded.
 */
import { writeSync } from 'node:fs';
import { createRequire } from 'node:module';
import { isMainThread } from 'node:worker_threads';

const STDERR = 2;

writeSync(STDERR, 'thread\n');
if (isMainThread) {
  process.on('exit', () => {
    const paths = Object.keys(createRequire(import.meta.url).cache);
    const names = paths.flatMap(path => /.*\/node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(path)?.[1] ?? []);
    for (const name of new Set(names)) writeSync(STDERR, `loaded ${name}\n`);
  });
}
