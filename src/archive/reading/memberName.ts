import { type BytePath, fromLatin1 } from '../../bytes/bytePath.js';

/** Empty components, `.` and `..`, at the beginning and the end too. */
const UNUSUAL = /(?:^|\/)\.{0,2}(?:\/|$)/;

/** Whether a name is made of names alone, with one slash between two of them, as nearly all are. */
export function isPlain(name: BytePath): boolean {
  return !UNUSUAL.test(name);
}

/** A member's name without what changes nothing: `./` before it, doubled slashes, a slash behind it. The top is the empty path. */
export function plainName(name: BytePath): BytePath {
  const inside = withoutDot(name);
  return isPlain(inside) ? inside : fromLatin1(componentsOf(inside).join('/'));
}

/** The parts of a name between its slashes, without empty ones and `.`; those of an absolute path look like a relative one's. */
export function componentsOf(name: BytePath): string[] {
  return name.split('/').filter(component => component !== '' && component !== '.');
}

/** A name without `./` before it; `./` itself becomes the empty path. */
export function withoutDot(name: BytePath): BytePath {
  if (name[0] !== '.') return name;
  return fromLatin1(
    name[1] === '/' && !'./'.includes(name[2] ?? '.') ? name.slice(2) : name.replace(/^(?:\.\/+)+/, ''),
  );
}
