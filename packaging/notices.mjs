/**
 * What is to be said about the work of others that a package or a release contains: `LICENSES.txt` in `dist/bin`. This file
 * is plain JavaScript because the build runs it.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const HEAD = `What kheaders-pack contains of others, and what it is installed with. Its own licence is in the file LICENSE.

"In the bundle" is code that stands in the files of this directory. All else lies in a directory of its own, in node_modules.
All *.wasm are compiled from kheaders-pack's own sources by AssemblyScript (Apache-2.0); they contain neither
code nor data of AssemblyScript's library.
`;

/** Compiled into lzma-native's binary. Its file COPYING asks for the last sentence where its code is used much. */
const LIBLZMA = `liblzma 5.2.3 (public domain; in lzma-native)

XZ Utils's file COPYING says: "liblzma is in the public domain." Its other parts are neither built nor used.
This software includes code from XZ Utils <https://tukaani.org/xz/>.
`;

/** esbuild writes functions of its own into what it bundles. */
const BUNDLER = 'node_modules/esbuild';

const RULE = `\n${'-'.repeat(80)}\n\n`;

/**
 * @param {string} root the project's, with its node_modules
 * @param {readonly string[]} inputs paths from there of what was bundled
 */
export function notices(root, inputs) {
  const bundled = new Set([BUNDLER, ...inputs.map(packageOf).filter(path => path !== undefined)]);
  const { packages } = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8'));
  const installed = Object.keys(packages).filter(path => path !== '' && isForAll(packages[path]));
  const paths = [...new Set([...installed, ...bundled])].sort();
  return [HEAD, ...paths.map(path => notice(root, path, bundled.has(path))), LIBLZMA].join(RULE);
}

/**
 * Whether a package of the lock is installed for users everywhere. Optional ones are for one platform each.
 *
 * @param {{ dev?: boolean, optional?: boolean, devOptional?: boolean }} entry
 */
function isForAll({ dev, optional, devOptional }) {
  return dev !== true && optional !== true && devOptional !== true;
}

/** @param {string} input */
function packageOf(input) {
  return /^(.*\bnode_modules\/(?:@[^/]+\/)?[^/]+)\//.exec(input)?.[1];
}

/**
 * @param {string} root
 * @param {string} path from the root
 * @param {boolean} isBundled
 */
function notice(root, path, isBundled) {
  const directory = join(root, path);
  const { name, version, license } = JSON.parse(readFileSync(join(directory, 'package.json'), 'utf8'));
  const texts = readdirSync(directory)
    .filter(file => /^(licen[cs]e|notice)/i.test(file))
    .sort()
    .map(file => readFileSync(join(directory, file), 'utf8').replaceAll('\r\n', '\n').trim());
  if (texts.length === 0) texts.push('Its package contains no text of the licence.');
  const title = `${name} ${version} (${license}${isBundled ? '; in the bundle' : ''})`;
  return `${[title, ...texts].join('\n\n')}\n`;
}
