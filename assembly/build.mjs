/**
 * Compiles the modules into `dist`; `npm run build` runs it after the compiler. All in one process: most of what the smaller
 * modules take is V8's work on the compiler, which is JavaScript. This file is plain JavaScript because it is part of the
 * set-up.
 */
import { main } from 'assemblyscript/asc';

/** What each target of `asconfig.json` is compiled from. */
const ENTRIES = {
  radix: 'index.ts',
  parts: 'parts.ts',
  decoder: 'decoder.ts',
  crc64: 'crc64.ts',
  plainMembers: 'plainMembers.ts',
};

for (const [target, entry] of Object.entries(ENTRIES)) {
  const { error, stderr } = await main([`assembly/${entry}`, '--config', 'assembly/asconfig.json', '--target', target]);
  process.stderr.write(stderr.toString());
  if (error !== null) process.exit(1);
}
