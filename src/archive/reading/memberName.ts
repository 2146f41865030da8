import { type BytePath, fromLatin1 } from '../../bytes/bytePath.js';

/** A member's name without what changes nothing: `./` before it, doubled slashes, a slash behind it. The top is the empty path. */
export function plainName(name: BytePath): BytePath {
  return fromLatin1(componentsOf(name).join('/'));
}

/** The parts of a name between its slashes, without empty ones and `.`; those of an absolute path look like a relative one's. */
export function componentsOf(name: BytePath): string[] {
  return name.split('/').filter(component => component !== '' && component !== '.');
}

/** A name without `./` before it; `./` itself becomes the empty path. */
export function withoutDot(name: BytePath): BytePath {
  return fromLatin1(name.replace(/^(?:\.\/+)+/, ''));
}
