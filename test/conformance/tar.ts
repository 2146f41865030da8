import type { Clause, Specification } from './clause.js';

const BOUNDARIES = 'tar/boundaries.test.ts';
const ENTRY = 'tar/entryHeader.test.ts';
const ENTRY_SIZE = 'tar/entrySize.test.ts';
const FORMATS = 'tar/formats.test.ts';
const READ = 'tar/readTar.test.ts';

const CLAUSES: readonly Clause[] = [
  {
    ...{ section: 'all formats', force: 'is', party: 'r' },
    clause: 'V7, old GNU, GNU, ustar and pax are read: kinds, modes, owners, times, sizes, targets of links.',
    tests: [
      [FORMATS, 'v7, oldgnu, gnu, ustar and posix: kinds, modes, owners, times, sizes and targets of links'],
      [READ, 'however the bytes come'],
      [BOUNDARIES, 'are where each member with its long names and extended headers ends'],
    ],
  },
  {
    ...{ section: 'all formats', force: 'MUST', party: 'rw' },
    clause: 'The checksum is the sum of all bytes of the header, its own field as blanks; some took bytes as signed.',
    tests: [
      [ENTRY_SIZE, 'an entry takes as many bytes as its size says, and its checksums hold'],
      [READ, 'with any bit of an entry header changed'],
    ],
  },
  {
    ...{ section: 'all formats', force: 'is', party: 'rw' },
    clause: 'Contents are padded to whole records of 512 bytes.',
    tests: [
      [ENTRY_SIZE, 'contents are padded to whole tar blocks'],
      [READ, 'cut anywhere, between two entries too'],
    ],
  },
  {
    ...{ section: 'all formats', force: 'MUST', party: 'rw' },
    clause: 'Two records of zeros end an archive.',
    tests: [
      [
        ENTRY_SIZE,
        'an archive ends with two blocks of zeros at least, and fills a multiple of 10,240 bytes with the fewest',
      ],
      [READ, 'cut anywhere, between two entries too'],
      [READ, 'with a lone record of zeros, and with more than zeros behind its end'],
    ],
    note: 'GNU tar goes on without them, and behind a lone one; we take such a tar for damaged, when all of it was read.',
  },
  {
    ...{ section: 'numbers', force: 'is', party: 'rw' },
    clause: 'Numbers are octal digits, with blanks before them and a blank or NUL behind; none stand for 0.',
    tests: [
      [READ, 'in octal, with blanks or NULs around them, and as 0 where there are none'],
      [READ, 'or refused: letters, negative sizes, what is no safe integer'],
      [READ, 'or refused: digits behind a NUL'],
    ],
  },
  {
    ...{ section: 'numbers (GNU)', force: 'is', party: 'rw' },
    clause:
      'What octal digits cannot say is base-256, in two’s complement: sizes from 8 GiB, owners, times before 1970.',
    tests: [
      [ENTRY, 'for sizes about 8 GiB, where octal digits end'],
      [READ, 'in base-256, negative ones too'],
      [
        FORMATS,
        'gnu and oldgnu: numbers that octal digits cannot say, in base-256: sizes from 8 GiB, owners, times before 1970',
      ],
    ],
  },
  {
    ...{ section: 'names', force: 'is', party: 'rw' },
    clause: 'Name and target may fill their 100 bytes, without a NUL.',
    tests: [
      [ENTRY, 'for names of 1 to 300 bytes'],
      [READ, 'over all 100 bytes of the field, behind a prefix in POSIX format alone, and from L, K and pax'],
    ],
  },
  {
    ...{ section: 'V7', force: 'is', party: 'r' },
    clause: 'A slash behind its name makes a file a directory; there are no owners by name.',
    tests: [
      [FORMATS, 'v7: no owner by name, and a directory by the slash behind its name'],
      [READ, 'are kept, but for those that old formats and sparse files have'],
    ],
  },
  {
    ...{ section: 'ustar: magic, version', force: 'is', party: 'r' },
    clause: '“ustar”, NUL, “00”; programs have left the version out.',
    tests: [[READ, 'over all 100 bytes of the field, behind a prefix in POSIX format alone, and from L, K and pax']],
  },
  {
    ...{ section: 'ustar: prefix', force: 'is', party: 'r' },
    clause: 'The prefix goes before the name, with a slash; in other formats other things stand there.',
    tests: [
      [FORMATS, 'ustar: names over 100 bytes, in prefix and name'],
      [READ, 'over all 100 bytes of the field, behind a prefix in POSIX format alone, and from L, K and pax'],
    ],
  },
  {
    ...{ section: 'ustar: uname, gname', force: 'is', party: 'r' },
    clause: 'Owners have names.',
    tests: [[FORMATS, 'oldgnu, gnu, ustar and posix: owners by name']],
  },
  {
    ...{ section: 'ustar: typeflag', force: 'SHOULD', party: 'r' },
    clause: 'Typeflags 0 to 7; others are read as files by some.',
    tests: [
      [READ, 'are kept, but for those that old formats and sparse files have'],
      [FORMATS, 'a FIFO and a contiguous file keep their typeflags'],
    ],
    note: 'They are listed as what they are, and `extract` refuses them.',
  },
  {
    ...{ section: 'ustar: size', force: 'is', party: 'r' },
    clause: 'Links, directories and devices have no content, whatever their size says.',
    tests: [[READ, 'of links, directories and devices have no content, or it is refused']],
    note: 'A size there is a fault: programs differ on what it means.',
  },
  {
    ...{ section: 'GNU: L, K', force: 'is', party: 'rw' },
    clause:
      'Names and targets over 100 bytes are contents of entries before, with a NUL at the end; names may hold any byte.',
    tests: [
      [ENTRY, 'for a symbolic link whose name and target are both long'],
      [ENTRY, 'for names with a newline, blanks, and bytes that are not UTF-8'],
      [FORMATS, 'gnu and oldgnu: names and targets over 100 bytes, in L and K entries'],
      [READ, 'with headers that belong to no entry, pax records of another form, or more of them than can be'],
    ],
  },
  {
    ...{ section: 'GNU: L, K; pax: x', force: 'is', party: 'r' },
    clause: 'An entry has at most one header of each kind before it, and one name.',
    tests: [
      [READ, 'or refused, where there are two for one entry'],
      [READ, 'or refused, where a long one has no end'],
    ],
    note: 'Programs differ where there are two, or where a name has no NUL: both are faults.',
  },
  {
    ...{ section: 'GNU: S', force: 'is', party: 'r' },
    clause: 'Sparse files have a map, which may go on in further records.',
    tests: [
      [READ, 'of sparse files whose map goes on in further records are read past it'],
      [
        'archive/fromTar.test.ts',
        'GNU tar with a label, as an incremental backup, and with sparse files in pax format',
      ],
    ],
    note: 'They are listed, and `extract` and `cat` refuse them.',
  },
  {
    ...{ section: 'GNU: V, D, M', force: 'is', party: 'r' },
    clause: 'Labels, incremental backups and the rest of a file from an earlier volume.',
    tests: [
      [READ, 'with a label and as an incremental backup: the typeflags are kept'],
      [FORMATS, 'the second volume of two begins with an entry of typeflag M, the rest of a file'],
      ['archive/extract/harmless.test.ts', 'a label, which is passed over with a notice'],
    ],
  },
  {
    ...{ section: 'pax: records', force: 'MUST', party: 'r' },
    clause: 'An extended header is records of “LENGTH KEYWORD=VALUE”, each as long as it says.',
    tests: [[READ, 'with headers that belong to no entry, pax records of another form, or more of them than can be']],
  },
  {
    ...{ section: 'pax: x', force: 'MUST', party: 'r' },
    clause:
      'path, linkpath, size, uid, gid, uname, gname and mtime come before those of the entry header, for one entry.',
    tests: [
      [READ, 'in pax headers, which come before those of the entry header, times with their fractions'],
      [READ, 'from the entry header where pax has an empty value, and from its own pax header alone'],
      [FORMATS, 'posix: names and targets of any length and of any bytes of UTF-8, times to the nanosecond'],
      [FORMATS, 'posix: sizes from 8 GiB and large owners, in pax records'],
      [FORMATS, "posix: what is asked for with := is the entry's own"],
    ],
  },
  {
    ...{ section: 'pax: g', force: 'MUST', party: 'r' },
    clause: 'A global header holds for all entries behind it, unless they say otherwise.',
    tests: [
      [READ, 'and what a global header says holds from there on, unless an entry says otherwise'],
      [FORMATS, 'posix: a global header holds for all entries behind it'],
    ],
    note: 'A path, a target or a size for all entries is a fault.',
  },
  {
    ...{ section: 'pax: GNU.sparse', force: 'is', party: 'r' },
    clause: 'Sparse files of GNU tar in pax format, versions 0.0, 0.1 and 1.0.',
    tests: [[READ, 'are kept, but for those that old formats and sparse files have']],
    note: 'As GNU’s S.',
  },
];

export const TAR: Specification = {
  title: 'Reading tar, and writing GNU’s',
  source:
    'POSIX.1-2017, pax, “ustar Interchange Format” and “pax Interchange Format”; GNU tar’s manual, “Tar Internals”',
  clauses: CLAUSES,
};
