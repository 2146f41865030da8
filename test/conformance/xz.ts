import type { Clause, Specification } from './clause.js';

const BLOCK = 'xz/block.test.ts';
const BLOCK_HEADER = 'xz/blockHeader.test.ts';
const CHECK = 'xz/check.test.ts';
const CONTAINER = 'archive/reading/container.test.ts';
const FILTER_CHAIN = 'xz/filterChain.test.ts';
const INDEX = 'xz/indexField.test.ts';
const LZMA2_FILTER = 'xz/lzma2Filter.test.ts';
const OPEN = 'archive/reading/open.test.ts';
const PRODUCERS = 'archive/reading/producers.test.ts';
const STREAM = 'xz/stream.test.ts';
const STREAM_HEADER = 'xz/streamHeader.test.ts';
const VERDICTS = 'archive/reading/verdicts.test.ts';
const VLI = 'xz/vli.test.ts';
const AGREE = 'Blocks, Index and Stream Footer agree with each other and with the specification';
const RESERVED = 'section 2.1.1.2: reserved bits are unsupported, with a right CRC32 alone';

const CLAUSES: readonly Clause[] = [
  {
    ...{ section: '1', force: 'MUST', party: 'r' },
    clause: 'Once an error was indicated, the operation ends.',
    tests: [[OPEN, 'gives what lies before the damage, then the error']],
  },
  {
    ...{ section: '1', force: 'SHOULD', party: 'r' },
    clause: 'A warning does not end the operation.',
    tests: [[VERDICTS, 'give the contents that xz gives']],
  },
  {
    ...{ section: '1.2', force: 'is', party: 'rw' },
    clause: 'Integers of fixed size are stored with their least significant byte first.',
    tests: [
      [STREAM_HEADER, 'the Stream Header is the one that xz writes'],
      [CHECK, 'each Check computes its field as the container stores it'],
    ],
  },
  {
    ...{ section: '1.2', force: 'is', party: 'w' },
    clause: 'A variable-length integer has seven bits in a byte, the lowest first, in as few bytes as it takes.',
    tests: [
      [VLI, 'a variable-length integer is the shortest that says its value'],
      [VLI, 'what cannot be stored is refused'],
    ],
  },
  {
    ...{ section: '1.2', force: 'is', party: 'r' },
    clause: 'A variable-length integer of over nine bytes, or with a null byte at its end, is an error.',
    tests: [
      [VLI, 'section 1.2: a variable-length integer is read as it was written'],
      [VLI, 'section 1.2: an encoding that is longer than needed, or than nine bytes, is none'],
      [BLOCK_HEADER, 'section 1.2: a size that is no variable-length integer is bad'],
      [INDEX, 'sections 4.2 and 4.3: numbers that are no variable-length integers are bad'],
    ],
  },
  {
    ...{ section: '2', force: 'MUST', party: 'rw' },
    clause: 'The size of a file is a multiple of four bytes.',
    tests: [
      [BLOCK, 'everything in .xz is aligned to four bytes'],
      [CONTAINER, 'section 2: a file whose size is no multiple of four is bad'],
    ],
  },
  {
    ...{ section: '2', force: 'SHOULD', party: 'r' },
    clause: 'A file may hold several Streams, and Stream Padding.',
    tests: [
      [PRODUCERS, 'concatenated, with Stream Padding, and with empty Streams among them'],
      [CONTAINER, 'section 2: several Streams are read as one, and what follows the last and is no Stream is bad'],
    ],
  },
  {
    ...{ section: '2', force: 'SHOULD', party: 'r' },
    clause: 'Inside another file, reading ends with the first Stream.',
    tests: [['image/findArchive.test.ts', 'by its Stream alone, with nothing to mark it']],
  },
  {
    ...{ section: '2.1', force: 'is', party: 'rw' },
    clause:
      'A Stream is Stream Header, any number of Blocks, Index, Stream Footer; all but the Blocks are always there.',
    tests: [
      [BLOCK, AGREE],
      [BLOCK, 'the Index of a Stream without Blocks is the one that xz writes'],
      [CONTAINER, 'section 2.1: Stream Header, Index and Stream Footer are always there'],
    ],
  },
  {
    ...{ section: '2.1', force: 'SHOULD', party: 'w' },
    clause: 'A Stream inside another file begins at a multiple of four bytes.',
    tests: [
      [
        'image/moduleArchive.test.ts',
        'the archive in a module lies between its markers and symbols, at a multiple of four',
      ],
    ],
  },
  {
    ...{ section: '2.1', force: 'is', party: 'rw' },
    clause: 'An Index has at most 16 GiB.',
    tests: [[STREAM_HEADER, 'Backward Size counts in fours, less one, up to 16 GiB']],
  },
  {
    ...{ section: '2.1', force: 'MUST', party: 'rw' },
    clause: 'A Stream, and what it decodes to, have less than 2^63 bytes.',
    tests: [
      [BLOCK_HEADER, 'section 3.1.3: a Compressed Size of 0, or one that no Block can have, is bad'],
      [BLOCK_HEADER, 'a size over 2^53 - 1 is unsupported'],
      [INDEX, 'a number over 2^53 - 1 is unsupported where the CRC32 is right, and bad where it is not'],
      [CONTAINER, 'section 2.1: contents that come to more than can be counted are refused'],
    ],
    note: 'Sizes over 2^53 - 1 are unsupported.',
  },
  {
    ...{ section: '2.1.1.1', force: 'MUST', party: 'rw' },
    clause: 'A Stream begins with the six Header Magic Bytes; others are an error.',
    tests: [
      [STREAM_HEADER, 'the Stream Header is the one that xz writes'],
      [STREAM_HEADER, 'section 2.1.1.1: other Header Magic Bytes are bad'],
    ],
  },
  {
    ...{ section: '2.1.1.2', force: 'MUST', party: 'w' },
    clause: 'The first byte of Stream Flags, and the upper four bits of the second, are zero.',
    tests: [[STREAM_HEADER, 'the Stream Header is the one that xz writes']],
  },
  {
    ...{ section: '2.1.1.2', force: 'MUST', party: 'r' },
    clause: 'A reserved bit that is set is an error.',
    tests: [[STREAM_HEADER, RESERVED]],
    note: 'The verdict is unsupported, for the CRC32 is right.',
  },
  {
    ...{ section: '2.1.1.2', force: 'is', party: 'rw' },
    clause: 'Each of the 16 Check IDs has its size, also those that stand for nothing yet.',
    tests: [
      [CHECK, 'section 2.1.1.2: the Check field of each of the 16 IDs has its size'],
      [CHECK, 'each Check has the ID and the size that the specification gives it'],
      [STREAM_HEADER, 'section 2.1.1: a Stream Header is read as it was written, with every Check ID'],
    ],
  },
  {
    ...{ section: '2.1.1.2', force: 'SHOULD', party: 'r' },
    clause: 'None and CRC32 are supported at least.',
    tests: [['pool/decode.test.ts', 'is decoded and verified, with each Check']],
    note: 'CRC64 and SHA-256 are, too.',
  },
  {
    ...{ section: '2.1.1.2', force: 'SHOULD', party: 'r' },
    clause: 'A Check that is not supported is a warning or an error.',
    tests: [
      [VERDICTS, 'give the contents that xz gives'],
      [CONTAINER, 'section 2.1.1.2: a Stream with a Check that nobody knows yet is read, and is not good'],
    ],
    note: 'A warning where contents are wanted; `verify` says unsupported.',
  },
  {
    ...{ section: '2.1.1.3', force: 'MUST', party: 'r' },
    clause: 'A wrong CRC32 of the Stream Flags is an error.',
    tests: [[STREAM_HEADER, RESERVED]],
  },
  {
    ...{ section: '2.1.2.1', force: 'MUST', party: 'r' },
    clause: 'A wrong CRC32 of the Stream Footer is an error.',
    tests: [[STREAM_HEADER, RESERVED]],
  },
  {
    ...{ section: '2.1.2.2', force: 'MUST', party: 'rw' },
    clause: 'Backward Size is the size of the Index, in fours and less one; another is an error.',
    tests: [
      [STREAM_HEADER, 'Backward Size counts in fours, less one, up to 16 GiB'],
      [STREAM_HEADER, 'section 2.1.2: a Stream Footer is read as it was written, with every Backward Size'],
      [CONTAINER, 'section 2.1.2.2: a Backward Size that is not the size of the Index is bad'],
    ],
  },
  {
    ...{ section: '2.1.2.3', force: 'MUST', party: 'rw' },
    clause: 'The Stream Flags are the same in Stream Header and Stream Footer; a difference is an error.',
    tests: [
      [BLOCK, AGREE],
      [CONTAINER, 'section 2.1.2.3: Stream Flags that differ between Stream Header and Stream Footer are bad'],
    ],
  },
  {
    ...{ section: '2.1.2.4', force: 'MUST', party: 'rw' },
    clause: 'A Stream ends with the two Footer Magic Bytes; others are an error.',
    tests: [
      [STREAM_HEADER, 'the Stream Footer is the one that xz writes after an empty Index'],
      [STREAM_HEADER, 'section 2.1.2.4: other Footer Magic Bytes are bad'],
    ],
  },
  {
    ...{ section: '2.2', force: 'MUST', party: 'r' },
    clause:
      'Stream Padding is null bytes, a multiple of four of them, also at the end and read backwards; else an error.',
    tests: [
      [
        CONTAINER,
        'section 2.2: Stream Padding is null bytes, a multiple of four of them, between Streams and behind them',
      ],
      [OPEN, 'lists Streams and Blocks as xz does'],
    ],
  },
  {
    ...{ section: '3.1.1', force: 'is', party: 'rw' },
    clause: 'A Block Header has 8 to 1024 bytes, a multiple of four; 0 in its place begins the Index.',
    tests: [
      [BLOCK, 'Block Header: a multiple of four, no longer than needed, and its CRC32 covers all before it'],
      [BLOCK_HEADER, 'section 3.1.1: sizes are multiples of four, and 0 begins an Index'],
    ],
  },
  {
    ...{ section: '3.1.2', force: 'is', party: 'rw' },
    clause: 'Block Flags say how many filters there are, and which sizes.',
    tests: [
      [STREAM, 'both sizes in each Block Header, offsets and ratios as we wrote them'],
      [BLOCK_HEADER, 'section 3.1.2: sizes and filters are there as Block Flags say'],
    ],
  },
  {
    ...{ section: '3.1.2', force: 'MUST', party: 'rw' },
    clause: 'Reserved bits of the Block Flags are zero; one that is set is an error.',
    tests: [
      [BLOCK, AGREE],
      [BLOCK_HEADER, 'section 3.1.2: reserved bits are unsupported, with a right CRC32 alone'],
    ],
  },
  {
    ...{ section: '3.1.3', force: 'MUST', party: 'rw' },
    clause: 'Compressed Size is not zero, and that of the Compressed Data; else an error.',
    tests: [
      [BLOCK_HEADER, 'section 3.1: a Block Header is read as we write it'],
      [BLOCK_HEADER, 'section 3.1.3: a Compressed Size of 0, or one that no Block can have, is bad'],
      [CONTAINER, 'section 3.1.3: a Compressed Size that is not that of the Compressed Data is bad'],
    ],
  },
  {
    ...{ section: '3.1.4', force: 'MUST', party: 'rw' },
    clause: 'Uncompressed Size is that of the contents; else an error.',
    tests: [
      [BLOCK_HEADER, 'section 3.1: a Block Header is read as we write it'],
      [CONTAINER, 'section 3.1.4: an Uncompressed Size that is not that of the contents is bad'],
    ],
  },
  {
    ...{ section: '3.1.4', force: 'is', party: 'r' },
    clause: 'Sizes in headers may be lies: only decoding tells.',
    tests: [
      ['archive/reading/limits.test.ts', 'sizes of many TiB in a Block Header are found out'],
      ['archive/reading/limits.test.ts', 'a dictionary of 4 GiB for a small Block takes what the Block needs'],
    ],
  },
  {
    ...{ section: '3.1.5', force: 'is', party: 'r' },
    clause: 'Filter Flags are a Filter ID, the size of the properties, and these, within the Block Header.',
    tests: [[BLOCK_HEADER, 'section 3.1.5: Filter Flags that end behind the Block Header are bad']],
  },
  {
    ...{ section: '3.1.5', force: 'MUST', party: 'rw' },
    clause: 'Filter IDs from 2^62 on stand in no file.',
    tests: [
      [LZMA2_FILTER, 'every dictionary size that can be written has the property byte of the specification'],
      [BLOCK_HEADER, 'section 3.1.5: a Filter ID that no file may have is bad'],
    ],
  },
  {
    ...{ section: '3.1.6', force: 'MUST', party: 'rw' },
    clause: 'Header Padding is null bytes; others are an error.',
    tests: [
      [BLOCK, AGREE],
      [BLOCK_HEADER, 'section 3.1.6: Header Padding is null, or a field of a newer format'],
    ],
    note: 'The verdict is unsupported, for the CRC32 is right.',
  },
  {
    ...{ section: '3.1.7', force: 'MUST', party: 'rw' },
    clause: 'The CRC32 covers the Block Header before it and is looked at first; a wrong one is an error.',
    tests: [
      [BLOCK, 'Block Header: a multiple of four, no longer than needed, and its CRC32 covers all before it'],
      [BLOCK_HEADER, 'section 3.1.7: whatever byte changes, the CRC32 says so first'],
    ],
  },
  {
    ...{ section: '3.3', force: 'MUST', party: 'rw' },
    clause: 'Block Padding is 0 to 3 null bytes, as many as make the Block a multiple of four; others are an error.',
    tests: [
      [BLOCK, AGREE],
      [CONTAINER, 'section 3.3: Block Padding is null bytes, as many as a multiple of four needs'],
    ],
  },
  {
    ...{ section: '3.4', force: 'MUST', party: 'rw' },
    clause: 'The Check is that of the contents before any filter; a wrong one is an error.',
    tests: [
      [CONTAINER, 'section 3.4: a Check that is not that of the contents is bad, whichever it is'],
      [CONTAINER, 'section 3.4: the Check is that of the contents before the filters'],
      [STREAM, 'a bit that flips anywhere is found'],
    ],
  },
  {
    ...{ section: '4', force: 'is', party: 'rw' },
    clause: 'An Index is Index Indicator, Number of Records, the Records, Index Padding, CRC32.',
    tests: [[INDEX, 'section 4: an Index is read as it was written, in pieces of any size, and what follows is left']],
  },
  {
    ...{ section: '4.1', force: 'is', party: 'rw' },
    clause: 'An Index begins with a null byte.',
    tests: [
      [BLOCK, 'the Index of a Stream without Blocks is the one that xz writes'],
      [INDEX, 'section 4.1: an Index begins with its Index Indicator'],
    ],
  },
  {
    ...{ section: '4.2', force: 'MUST', party: 'rw' },
    clause: 'Number of Records is that of the Blocks; else an error.',
    tests: [
      [BLOCK, AGREE],
      [INDEX, 'section 4.2: a number of Records costs nothing until they come'],
      [CONTAINER, 'section 4.2: a Number of Records that is not that of the Blocks is bad'],
    ],
  },
  {
    ...{ section: '4.3', force: 'MUST', party: 'rw' },
    clause: 'Each Record has the sizes of its Block; who decoded all of them verifies that.',
    tests: [
      [BLOCK, AGREE],
      [CONTAINER, 'section 4.3: a Record that is not what its Block is is bad'],
      [CONTAINER, 'section 4.3: two Records that were swapped are bad, though their sums are right'],
    ],
  },
  {
    ...{ section: '4.3', force: 'SHOULD', party: 'r' },
    clause: 'Records are not compared by a weak hash.',
    tests: [[CONTAINER, 'section 4.3: two Records that were swapped are bad, though their sums are right']],
    note: 'The sizes themselves are compared.',
  },
  {
    ...{ section: '4.3', force: 'MUST', party: 'r' },
    clause: 'A Block that is read by itself has the sizes of its Record, or none beyond them where it is read in part.',
    tests: [
      [CONTAINER, 'section 4.3: a Block that is read by itself has the sizes of its Record, or is bad'],
      [CONTAINER, 'section 4.3: a Block that is decoded in steps gives no more than its Record says'],
    ],
  },
  {
    ...{ section: '4.3.1', force: 'MUST', party: 'rw' },
    clause: 'Unpadded Size is at least five, and leaves Block Padding out.',
    tests: [
      [STREAM, 'both sizes in each Block Header, offsets and ratios as we wrote them'],
      [INDEX, 'section 4.3.1: an Unpadded Size under five bytes is bad'],
    ],
  },
  {
    ...{ section: '4.4', force: 'MUST', party: 'rw' },
    clause: 'Index Padding is 0 to 3 null bytes; others are an error.',
    tests: [
      [BLOCK, AGREE],
      [INDEX, 'section 4.4: Index Padding is null'],
    ],
  },
  {
    ...{ section: '4.5', force: 'MUST', party: 'rw' },
    clause: 'The CRC32 covers the Index before it; a wrong one is an error.',
    tests: [
      [BLOCK, AGREE],
      [INDEX, 'section 4.5: a wrong CRC32 is bad'],
    ],
  },
  {
    ...{ section: '5', force: 'is', party: 'r' },
    clause: 'Filters are undone from the last to the first, up to four of them.',
    tests: [[PRODUCERS, 'with Delta filters, and with four filters']],
  },
  {
    ...{ section: '5.2', force: 'MUST', party: 'rw' },
    clause: 'New filters keep to limits, so that no chain is slow.',
    tests: [],
    note: 'It binds who designs filters.',
  },
  {
    ...{ section: '5.3.1', force: 'MUST', party: 'rw' },
    clause: 'LZMA2 is filter 0x21 with one byte of properties, whose upper two bits are zero.',
    tests: [
      [LZMA2_FILTER, 'every dictionary size that can be written has the property byte of the specification'],
      [FILTER_CHAIN, 'section 5.3.1: larger dictionaries and reserved bits are unsupported'],
    ],
  },
  {
    ...{ section: '5.3.1', force: 'is', party: 'rw' },
    clause: 'Dictionary sizes are 2^n and 2^n + 2^(n-1) from 4 KiB on, and 4 GiB - 1.',
    tests: [
      [LZMA2_FILTER, 'any other size is rounded up to the next that can be stated'],
      [FILTER_CHAIN, 'section 5.3.1: each dictionary size of LZMA2 is the one that the specification computes'],
    ],
  },
  {
    ...{ section: '5.3.1', force: 'is', party: 'rw' },
    clause: 'LZMA2 is the last filter, and no other than the last.',
    tests: [
      ['archive/readers.test.ts', 'with a filter of LZMA2 alone and a dictionary no larger than a Block'],
      [FILTER_CHAIN, 'section 5.3: only LZMA2 is the last filter, and only the last'],
    ],
  },
  {
    ...{ section: '5.3.2', force: 'is', party: 'r' },
    clause: 'Filters for executables have 0 or 4 bytes of properties, and are never the last.',
    tests: [
      [FILTER_CHAIN, 'section 5.3.2: filters for executables, with no start offset or 0'],
      [FILTER_CHAIN, 'section 5.3: only LZMA2 is the last filter, and only the last'],
      [FILTER_CHAIN, 'a filter that we do not know is unsupported'],
      [PRODUCERS, 'have the filter for ARM64'],
    ],
    note: 'Those for ARM64 (0x0A) and RISC-V (0x0B) are unsupported: liblzma 5.2.3 does not have them.',
  },
  {
    ...{ section: '5.3.2', force: 'MUST', party: 'r' },
    clause: 'A start offset is a multiple of the filter’s alignment; else an error.',
    tests: [
      [FILTER_CHAIN, 'section 5.3.2: a start offset that is not aligned is bad, and any other but 0 is unsupported'],
      [PRODUCERS, 'have a start offset in a filter'],
    ],
    note: 'Start offsets other than 0 are unsupported: lzma-native does not hand them on.',
  },
  {
    ...{ section: '5.3.3', force: 'is', party: 'r' },
    clause: 'Delta is filter 0x03 with one byte of properties, a distance of 1 to 256, and never the last.',
    tests: [
      [FILTER_CHAIN, 'section 5.3.3: Delta distances are 1 to 256'],
      [FILTER_CHAIN, 'section 5.3: only LZMA2 is the last filter, and only the last'],
    ],
  },
  {
    ...{ section: '5.3.3.1', force: 'is', party: 'r' },
    clause: 'Delta subtracts the byte that is the distance back.',
    tests: [
      [CONTAINER, 'section 3.4: the Check is that of the contents before the filters'],
      [PRODUCERS, 'with Delta filters, and with four filters'],
    ],
  },
  {
    ...{ section: '5.4', force: 'is', party: 'r' },
    clause: 'Other Filter IDs are somebody’s own.',
    tests: [[FILTER_CHAIN, 'a filter that we do not know is unsupported']],
  },
  {
    ...{ section: '6', force: 'is', party: 'rw' },
    clause: 'CRC32 and CRC64 are those of the given programs; other programs that give the same may be used.',
    tests: [
      [CHECK, 'CRC64 of the nine digits is the known one'],
      [CHECK, 'CRC64 is the bitwise definition, whatever the length and alignment'],
      [CHECK, 'CRC64 is the bitwise definition over data that are folded, and in pieces of any size'],
      [CHECK, 'each Check computes its field as the container stores it'],
    ],
  },
];

export const XZ: Specification = {
  title: 'The .xz file format',
  source: 'The .xz File Format, version 1.2.1 (2024-04-08), which comes with XZ Utils as xz-file-format.txt',
  clauses: CLAUSES,
};
