import { type BytePath, printable } from '../../bytes/bytePath.js';
import { KheadersPackError } from '../../errors.js';
import type { OpenArchive } from './open.js';

/** More names than this would only hide the message. */
const OFFERED_MAX = 3;

/**
 * @param member printable
 * @param near members that may be meant
 */
export function noMember(
  { name: path }: Pick<OpenArchive, 'name'>,
  member: string,
  near: readonly BytePath[],
): KheadersPackError<'E_NO_MEMBER'> {
  const offered = near.length > OFFERED_MAX ? [] : near.map(name => `"${printable(name)}"`);
  const hint =
    offered.length === 0 ? 'kheaders-pack list shows what is there' : `did you mean ${offered.join(' or ')}?`;
  return new KheadersPackError('E_NO_MEMBER', { path, member, hint });
}

/** Whether a name is another with directories before it: `include/linux/bpf.h` for `linux/bpf.h`. */
export function isBelow(name: BytePath, tail: BytePath): boolean {
  return tail !== '' && name.endsWith(`/${tail}`);
}
