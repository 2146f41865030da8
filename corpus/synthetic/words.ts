import type { Random } from './random.js';

/** Words that names and comments are made of. Skewed picks make some far more common than others, as in real text. */
const SUBJECTS: readonly string[] = (
  'dev page queue lock node buf ring ctx state reg port link slot zone cache frame timer event chan desc pool task group ' +
  'table entry range flag clock reset power bus pin irq dma gpio phy mac pwm rtc led key codec mixer stream plane crtc ' +
  'sensor thermal fan charger mbox fuse bridge tunnel route filter policy quota inode extent journal shard cursor batch'
).split(' ');

const VERBS: readonly string[] = (
  'init get put set alloc free start stop enable disable register unregister read write map unmap attach detach submit ' +
  'cancel wait wake flush sync reset probe remove resume suspend lookup insert update query bind unbind prepare commit'
).split(' ');

const FIELDS: readonly string[] = (
  'flags count size offset mask index id priv data list head tail lock refcnt state mode type name parent child next prev ' +
  'start end limit width depth rate latency timeout retries status control version owner ops dev addr len max min shift'
).split(' ');

const PROSE: readonly string[] = (
  'the a of to is in and for that when not must be this before after with caller holds lock returns zero on success or ' +
  'negative error code may sleep only under device driver hardware field value used by each entry which memory order ' +
  'until last reference dropped see also keep bit set clear interrupt context never buffer ring full empty wake waits'
).split(' ');

const TYPES = ['u8', 'u16', 'u32', 'u64', 'int', 'unsigned int', 'unsigned long', 'bool', 'size_t', 'void *'] as const;

/** Picks the early words of a list far more often than the late ones. */
function skewed(random: Random, list: readonly string[]): string {
  return list[Math.min(random.below(list.length), random.below(list.length))] ?? '';
}

export function subject(random: Random): string {
  return skewed(random, SUBJECTS);
}

export function verb(random: Random): string {
  return skewed(random, VERBS);
}

export function field(random: Random): string {
  return skewed(random, FIELDS);
}

export function scalarType(random: Random): string {
  return random.pick(TYPES);
}

/** A sentence without its full stop, in lower case. */
export function phrase(random: Random, words: number): string {
  return Array.from({ length: words }, () => skewed(random, PROSE)).join(' ');
}

/** Lines of a block comment, each led by ` * `. */
export function proseLines(random: Random, lines: number): string {
  return Array.from({ length: lines }, () => ` * ${phrase(random, random.between(5, 12))}\n`).join('');
}

/** `0x` and `digits` hexadecimal digits. */
export function hex(value: number, digits: number): string {
  return `0x${(value >>> 0).toString(16).padStart(digits, '0')}`;
}
