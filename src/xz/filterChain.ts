import { badXz, type Place, unsupportedXz } from '../errors.js';
import type { Coder } from '../model/coder.js';
import type { Filter } from '../model/container.js';
import { dictionarySizeOfCode, LZMA2_FILTER_ID } from './lzma2Filter.js';

/**
 * Filter chains (.xz specification, section 5).
 *
 * Verdicts, given that the Block Header's CRC32 is right: a filter or a chain of filters that today's specification does
 * not allow may be a newer one's, so it is unsupported, and so are properties whose size is not the one that is specified
 * and reserved bits in them. This is how liblzma and the files that come with it to test decoders have it. What section
 * 5.3 forbids for the filter's own sake (a start offset that is not aligned) is bad.
 */
const DELTA_FILTER_ID = 0x03;
const START_OFFSET_SIZE = 4;

/** Section 5.3.2: the filters for executables, and what their start offsets are multiples of. */
const BRANCH_FILTERS = new Map([
  [0x04, { kind: 'x86', alignment: 1 }],
  [0x05, { kind: 'powerpc', alignment: 4 }],
  [0x06, { kind: 'ia64', alignment: 16 }],
  [0x07, { kind: 'arm', alignment: 4 }],
  [0x08, { kind: 'armthumb', alignment: 2 }],
  [0x09, { kind: 'sparc', alignment: 4 }],
] as const);

/**
 * A Block Header's filters as decoders, in the encoder's order: the last is LZMA2.
 *
 * @param place the Block Header's
 */
export function decodeFilterChain(filters: readonly Filter[], place: Place): Coder[] {
  return filters.map((filter, i) => {
    const coder = decodeFilter(filter, place);
    const isLast = i === filters.length - 1;
    if (isLast === (coder.kind === 'lzma2')) return coder;
    const position = isLast ? 'as the last filter of a Block' : 'as another filter than the last of a Block';
    throw unsupportedXz(place, `${coder.kind} ${position}`);
  });
}

function decodeFilter({ id, properties }: Filter, place: Place): Coder {
  if (id === LZMA2_FILTER_ID) return decodeLzma2(properties, place);
  if (id === DELTA_FILTER_ID) return decodeDelta(properties, place);
  const branch = BRANCH_FILTERS.get(id as 0x04);
  if (branch === undefined) throw unsupportedXz(place, `filter 0x${id.toString(16).padStart(2, '0')}`);
  requireStartOffset(properties, branch, place);
  return { kind: branch.kind };
}

/** Section 5.3.1. */
function decodeLzma2(properties: Uint8Array, place: Place): Coder {
  const [code] = properties;
  if (properties.length !== 1 || code === undefined) throw unsupportedProperties('lzma2', properties, place);
  const dictionarySize = dictionarySizeOfCode(code);
  if (dictionarySize === null) throw unsupportedXz(place, `LZMA2 properties 0x${code.toString(16)}`);
  return { kind: 'lzma2', dictionarySize };
}

/** Section 5.3.3. */
function decodeDelta(properties: Uint8Array, place: Place): Coder {
  const [distance] = properties;
  if (properties.length !== 1 || distance === undefined) throw unsupportedProperties('delta', properties, place);
  return { kind: 'delta', distance: distance + 1 };
}

/** Section 5.3.2. lzma-native hands no start offset on, so only the usual one, 0, is read. */
function requireStartOffset(
  properties: Uint8Array,
  branch: { readonly kind: string; readonly alignment: number },
  place: Place,
): void {
  if (properties.length === 0) return;
  if (properties.length !== START_OFFSET_SIZE) throw unsupportedProperties(branch.kind, properties, place);
  const offset = new DataView(properties.buffer, properties.byteOffset).getUint32(0, true);
  if (offset % branch.alignment !== 0) {
    throw badXz(place, `the start offset of filter ${branch.kind} is no multiple of ${branch.alignment}`);
  }
  if (offset !== 0) throw unsupportedXz(place, `start offset ${offset} of filter ${branch.kind}`);
}

function unsupportedProperties(kind: string, properties: Uint8Array, place: Place): Error {
  return unsupportedXz(place, `${properties.length} bytes of properties of filter ${kind}`);
}
