import { fromLatin1, fromUtf8 } from '../bytes/bytePath.js';
import type { SelectionSettings } from '../model/settings.js';
import { modulePlaces } from './modulePlaces.js';
import type { Place } from './place.js';

/** Made by a later build step than the archive, so its presence is chance; newer kernels leave it out as well. */
const UTSVERSION = fromLatin1('include/generated/utsversion.h');

/**
 * The places of a profile.
 *
 * @param isConfigured whether the trees' configuration sets a symbol (without `CONFIG_`) to `y`
 */
export function placesOf(
  selection: SelectionSettings,
  srcarch: string,
  isConfigured: (symbol: string) => boolean,
): Place[] {
  const headers = headerPlaces(['include', `arch/${srcarch}/include`]);
  switch (selection.profile) {
    case 'all':
      return headerPlaces(['']);
    case 'headers':
      return headers;
    case 'modules':
      return [...headers, ...modulePlaces(srcarch, selection.symvers, isConfigured)];
  }
}

function headerPlaces(starts: readonly string[]): Place[] {
  return starts.map(start => ({
    start: fromUtf8(start),
    isDeep: true,
    isWanted: path => path.endsWith('.h') && path !== UTSVERSION,
    isSourceOnly: false,
  }));
}
