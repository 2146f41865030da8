/**
 * Goes past the plain members of a tar (`src/tar/plainMembers.ts`), which nearly all are. Plain is less than what
 * `src/tar/entryDecoder.ts` takes: nothing is, that it would take for anything else.
 */
const RECORD: u32 = 512;
/** Magic and version of GNU's headers and POSIX's, as they lie in memory. */
const GNU: u64 = 0x0020207261747375;
const POSIX: u64 = 0x3030007261747375;
/** What both begin with. */
const USTAR: u32 = 0x61747375;
/** No larger content is plain: who adds up sizes need not think of what 32 bits hold. */
const SIZE_MAX: i32 = 1 << 25;

const NAME_SIZE: usize = 100;
const MODE: usize = 100;
const UID: usize = 108;
const GID: usize = 116;
const SIZE: usize = 124;
const MTIME: usize = 136;
const CHKSUM: usize = 148;
const TYPEFLAG: usize = 156;
const MAGIC: usize = 257;

const NUL: u32 = 0;
const BLANK: u32 = 0x20;
const SLASH: u32 = 0x2f;
const DIGIT_0: u32 = 0x30;
const REGULAR: u32 = 0x30;
const HARD_LINK: u32 = 0x31;
const SYMBOLIC_LINK: u32 = 0x32;
const DIRECTORY: u32 = 0x35;

/** How many members the last call of `pass` went past. */
export let members: u32 = 0;

/** @returns bytes of the plain members whose headers lie in `size` bytes from `from` on; the last content may end behind them */
export function pass(from: usize, size: u32): u32 {
  let at: u32 = 0;
  members = 0;
  while (at + RECORD <= size) {
    const content = plainSize(from + at);
    if (content < 0) break;
    at += RECORD + ((<u32>content + RECORD - 1) & ~(RECORD - 1));
    members++;
  }
  return at;
}

/** @returns bytes of the records in `size` bytes from `from` on, before the first with a magic, or that begins with zeros */
export function seek(from: usize, size: u32): u32 {
  let at: u32 = 0;
  while (at + RECORD <= size && load<u32>(from + at, MAGIC) !== USTAR && load<u64>(from + at) !== 0) at += RECORD;
  return at;
}

/** The size of a plain member's content, or -1: no such header is at `at`. */
function plainSize(at: usize): i32 {
  const magic = load<u64>(at, MAGIC);
  if (magic !== GNU && magic !== POSIX) return -1;
  if (!isNumber(at + MODE, 7) || !isNumber(at + UID, 7) || !isNumber(at + GID, 7) || !isNumber(at + MTIME, 11))
    return -1;
  const size = <i32>min<u64>(octal(at + SIZE, 11), u32.MAX_VALUE >> 1);
  if (!isNumber(at + SIZE, 11) || size > SIZE_MAX || !holdsChecksum(at)) return -1;
  const typeflag = <u32>load<u8>(at, TYPEFLAG);
  if (typeflag === REGULAR) return size === 0 || isFileName(at) ? size : -1;
  const isOther = typeflag === DIRECTORY || typeflag === SYMBOLIC_LINK || typeflag === HARD_LINK;
  return isOther && size === 0 ? 0 : -1;
}

/** Octal digits that fill a field but for the NUL or blank at its end. */
function isNumber(at: usize, digits: usize): bool {
  const last = <u32>load<u8>(at + digits);
  if (last !== NUL && last !== BLANK) return false;
  for (let i: usize = 0; i < digits; i++) if ((<u32>load<u8>(at + i) ^ DIGIT_0) > 7) return false;
  return true;
}

function octal(at: usize, digits: usize): u64 {
  let value: u64 = 0;
  for (let i: usize = 0; i < digits; i++) value = (value << 3) | (<u64>load<u8>(at + i) & 7);
  return value;
}

/** Six digits, a NUL and a blank, as GNU tar writes it: the sum of all bytes, its own taken as blanks. */
function holdsChecksum(at: usize): bool {
  if (!isNumber(at + CHKSUM, 6) || load<u16>(at, CHKSUM + 6) !== <u16>(BLANK << 8)) return false;
  let sums = i16x8.splat(0);
  for (let i: usize = 0; i < RECORD; i += 16) {
    sums = i16x8.add(sums, i16x8.extadd_pairwise_i8x16_u(v128.load(at + i)));
  }
  const fours = i32x4.extadd_pairwise_i16x8_u(sums);
  let sum = i32x4.extract_lane(fours, 0) + i32x4.extract_lane(fours, 1);
  sum += i32x4.extract_lane(fours, 2) + i32x4.extract_lane(fours, 3);
  for (let i: usize = 0; i < 8; i++) sum += <i32>BLANK - <i32>load<u8>(at + CHKSUM + i);
  return sum === <i32>octal(at + CHKSUM, 6);
}

/** Whether there is a name, and it does not end with a slash, as a directory's would. */
function isFileName(at: usize): bool {
  let last = SLASH;
  for (let i: usize = 0; i < NAME_SIZE; i++) {
    const byte = <u32>load<u8>(at + i);
    if (byte === NUL) break;
    last = byte;
  }
  return last !== SLASH;
}
