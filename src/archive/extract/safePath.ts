import { type BytePath, fromLatin1 } from '../../bytes/bytePath.js';
import { componentsOf, isPlain } from '../reading/memberName.js';
import { Refusal } from './refusal.js';

/** NAME_MAX and PATH_MAX of Linux, in bytes. */
const NAME_BYTES_MAX = 255;
const PATH_BYTES_MAX = 4096;

/**
 * Where a name leads below the target, without `.` and empty components; the empty path is the target itself.
 *
 * Nothing but `.` and `..` means more than it says on Linux: a name such as `...` is a name.
 *
 * @throws Refusal for a name that leads elsewhere, or that no file can have
 */
export function safePath(name: BytePath): BytePath {
  if (name === '') throw new Refusal('it has no name');
  if (name.includes('\0')) throw new Refusal('its name holds a NUL');
  if (isPlain(name) && name.length <= NAME_BYTES_MAX) return name;
  if (name.startsWith('/')) throw new Refusal('its name is an absolute path');
  const components = componentsOf(name);
  if (components.includes('..')) throw new Refusal('its name holds ".."');
  const path = fromLatin1(components.join('/'));
  if (components.some(component => component.length > NAME_BYTES_MAX) || path.length > PATH_BYTES_MAX) {
    throw new Refusal(
      `its name is too long (at most ${NAME_BYTES_MAX} bytes between slashes, ${PATH_BYTES_MAX} in all)`,
    );
  }
  return path;
}

/**
 * Requires that a symbolic link has a target that a link can have.
 *
 * @throws Refusal
 */
export function requireTarget(target: BytePath): void {
  if (target === '') throw new Refusal('a symbolic link to nothing');
  if (target.includes('\0')) throw new Refusal("a symbolic link whose target's name holds a NUL");
}

/**
 * Requires that a symbolic link leads to a place inside the target, whatever other entries put there.
 *
 * It may go up first, and then down: `../../uapi/x.h`. Going up from the link's own directory is safe, because that is a
 * directory and never a link, and so is going down, because every other link keeps to the same rule. Going up after that
 * is not: in `a/b/../../..` the name `b` may be a link itself, and then the way leads elsewhere than it looks.
 *
 * @param path the link's own, as `safePath` gave it
 * @param target as `requireTarget` lets it pass
 * @throws Refusal
 */
export function requireLinkInside(path: BytePath, target: BytePath): void {
  if (target.startsWith('/')) throw new Refusal('a symbolic link to an absolute path');
  const components = componentsOf(target);
  const down = components.findIndex(component => component !== '..');
  const ups = down === -1 ? components.length : down;
  const depth = path.split('/').length - 1;
  if (ups > depth) throw new Refusal('a symbolic link that leads out of the target');
  if (components.indexOf('..', ups) !== -1) {
    throw new Refusal('a symbolic link that goes up again behind a name, which may be a link itself');
  }
}
