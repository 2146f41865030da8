import type { BytePath } from '../bytes/bytePath.js';
import { fromUtf8, printable } from '../bytes/bytePath.js';
import { KheadersPackError } from '../errors.js';
import type { ManifestSettings } from '../model/manifest.js';
import type { ContentSettings, TreePair } from '../model/settings.js';
import type { Environment } from './environment.js';
import { resolveKernels } from './kernels.js';
import type { PackOptions } from './options.js';

/**
 * The content settings that a manifest states, with the trees that stand for its kernels: by name where there are
 * several; the name may be left out where there is one.
 *
 * @param listed the files of the archive by their paths in the tree, where a list took the profile's place
 * @throws KheadersPackError `E_OPTION_VALUE` when the trees are not those kernels; as `resolveKernels` does
 */
export function contentOfManifest(
  settings: ManifestSettings,
  listed: readonly BytePath[],
  options: PackOptions,
  environment: Environment,
): { readonly content: ContentSettings; readonly trees: readonly TreePair[] } {
  const { kernels, profile, symvers, include, exclude, listed: isListed, ...rest } = settings;
  const given = resolveKernels(options, environment);
  const [only] = given;
  const trees = kernels.map(({ name }) => {
    const named = given.find(kernel => kernel.name === name);
    const chosen = named ?? (kernels.length === 1 && only?.name === '' ? only : undefined);
    if (chosen !== undefined && given.length === kernels.length) return chosen.trees;
    throw notThose(kernels.map(kernel => kernel.name));
  });
  return {
    content: {
      ...rest,
      kernels: kernels.map(({ name, srcarch }) => ({ name: fromUtf8(name), srcarch })),
      selection: { profile, symvers, listed: isListed ? listed : null, include, exclude },
    },
    trees,
  };
}

function notThose(names: readonly string[]): KheadersPackError {
  const [first = ''] = names;
  const expected =
    names.length === 1
      ? `one tree${first === '' ? '' : `, ${first}=TREE`}`
      : `a tree for each kernel of the manifest: ${names.map(name => `${printable(fromUtf8(name))}=TREE`).join(' ')}`;
  return new KheadersPackError('E_OPTION_VALUE', { option: 'TREE', value: 'the trees given', expected });
}
