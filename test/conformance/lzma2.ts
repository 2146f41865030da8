import type { Clause, Specification } from './clause.js';

const CHUNK = 'lzma/chunk.test.ts';
const LIBLZMA = 'lzma/liblzma.test.ts';
const LIMITS = 'archive/reading/limits.test.ts';
const PRODUCERS = 'archive/reading/producers.test.ts';
const RADIX = 'lzma/radix.test.ts';
const LENGTHS = 'gives strings of every length to 300 and of every period to 300 back';

const CLAUSES: readonly Clause[] = [
  {
    ...{ section: 'control byte', force: 'is', party: 'r' },
    clause: '0x03 to 0x7F begin no chunk.',
    tests: [[CHUNK, 'every control byte between 0x03 and 0x7f is invalid']],
  },
  {
    ...{ section: 'control byte', force: 'MUST', party: 'rw' },
    clause: 'The first chunk resets the dictionary: 0x01, or 0xE0 and above.',
    tests: [
      [CHUNK, 'the first chunk resets the dictionary'],
      [LIBLZMA, 'begins a Block with a dictionary reset and ends it with the end marker'],
      [
        RADIX,
        'begins a Block with a dictionary reset, every slice with a state reset and properties, and ends it with the end marker',
      ],
    ],
  },
  {
    ...{ section: 'control byte', force: 'MUST', party: 'rw' },
    clause: 'The first LZMA chunk behind a reset of the dictionary sets the properties.',
    tests: [
      [CHUNK, 'an LZMA chunk needs properties since the last reset of the dictionary'],
      [LIBLZMA, 'writes lc, lp and pb into the properties byte of the first LZMA2 chunk'],
    ],
  },
  {
    ...{ section: 'control byte', force: 'MAY', party: 'w' },
    clause:
      'A chunk may reset the state and keep the dictionary (0xA0, 0xC0): slices, each with the bytes before it as window.',
    tests: [
      [
        RADIX,
        'begins a Block with a dictionary reset, every slice with a state reset and properties, and ends it with the end marker',
      ],
      [RADIX, 'gives inputs made of copies, edits and noise back, under settings of every kind'],
    ],
  },
  {
    ...{ section: 'sizes', force: 'is', party: 'r' },
    clause:
      'Sizes are stored as one less: 16 bits of a stored chunk, 21 bits uncompressed and 16 compressed of an LZMA chunk.',
    tests: [
      [CHUNK, 'sizes are stored as one less, the uncompressed of LZMA with 21 bits'],
      [RADIX, LENGTHS],
    ],
  },
  {
    ...{ section: 'sizes', force: 'MUST', party: 'r' },
    clause: 'A chunk decodes to what it says, from as many bytes as it says.',
    tests: [[LIMITS, 'whose chunks decode to more than they say, or to less, is bad']],
  },
  {
    ...{ section: 'properties', force: 'MUST', party: 'rw' },
    clause: 'lc + lp is at most 4, and the properties byte under 225.',
    tests: [
      ['archive/reading/verdicts.test.ts', 'get the verdicts that their names say, from a file and from a pipe'],
      [PRODUCERS, 'with any lc, lp and pb'],
      [RADIX, 'takes every lc, lp and pb'],
      ['settings/lzma2.test.ts', 'values out of range, unknown keys and half pairs are refused with what was expected'],
    ],
  },
  {
    ...{ section: 'dictionary', force: 'MUST', party: 'w' },
    clause: 'No match reaches farther back than the dictionary, or before its reset.',
    tests: [[RADIX, 'reaches no farther back than the dictionary']],
  },
  {
    ...{ section: 'end marker', force: 'MUST', party: 'rw' },
    clause: 'A null byte ends the data; nothing may follow it, nothing may be missing before it.',
    tests: [
      [CHUNK, 'data that end inside a chunk, without an end marker, or behind it are bad'],
      [CHUNK, 'a header that is cut short is bad'],
      [CHUNK, 'runs of chunks cover the data, the end marker included'],
    ],
  },
];

export const LZMA2: Specification = {
  title: 'LZMA2',
  source: 'No specification of its own: as XZ Utils, XZ Embedded and the LZMA SDK have it',
  clauses: CLAUSES,
};
