import { readFileSync, statSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Script } from 'node:vm';
import { crc32 } from 'node:zlib';

/** Those of the command line whose code is kept, without `.js`: `main.ts` runs one of them. */
export const STARTED = ['packAlone', 'readAlone', 'program'] as const;
export type Started = (typeof STARTED)[number];

const require = createRequire(import.meta.url);
/** What `require` makes of a file before it runs it. */
const AROUND = ['(function (exports, require, module, __filename, __dirname) {', '\n})'] as const;

/** CRC32 of what the code was made with and from, and of the code, which follows. */
const SEAL_SIZE = 8;

/** A bundle that has been run. */
export interface Ran {
  readonly exports: unknown;
  /** V8's code for what has been called so far, as it is kept beside the bundle. */
  code(): Uint8Array;
}

/** Where V8's code for a bundle is kept. */
export function codePath(name: Started): string {
  return pathOf(`${name}.code`);
}

/**
 * Runs the bundle of that name, beside this one. Where V8's code for it is kept (`keepCode.ts`) it is not compiled: that
 * takes 25 ms of the 60 that we need to start. V8 itself does not take code that was made with other flags. That it was made
 * by this very Node, from this source, and is whole, is looked at here: V8 does not, and dies of what another build of its own
 * version has made. Without it all is as ever.
 *
 * @throws the system's errors, and what the bundle throws
 */
export function run(name: Started): Ran {
  const filename = pathOf(`${name}.js`);
  const source = readFileSync(filename);
  const cachedData = codeFor(source, codePath(name));
  const script = new Script(AROUND.join(source.toString()), { filename, ...(cachedData && { cachedData }) });
  const module = { exports: {} };
  script.runInThisContext()(module.exports, require, module, filename, dirname(filename));
  return {
    exports: module.exports,
    code: () => {
      const code = script.createCachedData();
      return Buffer.concat([sealOf(source, code), code]);
    },
  };
}

function codeFor(source: Buffer, path: string): Buffer | null {
  try {
    const kept = readFileSync(path);
    const code = kept.subarray(SEAL_SIZE);
    return sealOf(source, code).equals(kept.subarray(0, SEAL_SIZE)) ? code : null;
  } catch {
    // None is kept, or it cannot be told whose it is.
    return null;
  }
}

function sealOf(source: Buffer, code: Buffer): Buffer {
  const seal = Buffer.alloc(SEAL_SIZE);
  seal.writeUInt32LE(crc32(source, crc32(thisNode())), 0);
  seal.writeUInt32LE(crc32(code), 4);
  return seal;
}

/** Distributions build the same version in their own ways. */
function thisNode(): string {
  const { size, mtimeMs } = statSync(process.execPath);
  return [process.version, process.versions.v8, process.platform, process.arch, size, mtimeMs].join(' ');
}

function pathOf(file: string): string {
  return fileURLToPath(new URL(`./${file}`, import.meta.url));
}
