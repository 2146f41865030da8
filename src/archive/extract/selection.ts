import { type BytePath, fromLatin1 } from '../../bytes/bytePath.js';
import { plainName, withoutDot } from '../reading/memberName.js';
import { Wanted } from '../reading/wanted.js';
import { safePath } from './safePath.js';

export interface SelectionSettings {
  readonly patterns: readonly string[];
  /** Leading components that are taken off; entries with no more than these are left out. */
  readonly stripComponents: number;
  /** The directory of a bundle whose contents are wanted, or null for all. */
  readonly kernel: BytePath | null;
}

const HERE = fromLatin1('.');

/** Which entries are wanted, and where they go. */
export class Selection {
  readonly #settings: SelectionSettings;
  readonly #wanted: Wanted;
  #isKernelThere: boolean;

  constructor(settings: SelectionSettings) {
    this.#settings = settings;
    this.#wanted = new Wanted(settings.patterns);
    this.#isKernelThere = settings.kernel === null;
  }

  /** The kernel where it is not there, else the patterns that no entry has matched so far. */
  get unmet(): readonly string[] {
    return this.#isKernelThere ? this.#wanted.unmet : [this.#settings.kernel ?? ''];
  }

  /** The name of a wanted entry, in the kernel's directory where one was chosen; null for what is not wanted. */
  wantedName(name: BytePath): BytePath | null {
    const inside = this.#insideKernel(name === '' ? name : withoutDot(name) || HERE);
    return inside !== null && this.#wanted.isWanted(inside) ? inside : null;
  }

  /**
   * Where a wanted entry goes below the target; the empty path is the target itself, null what has no components left.
   *
   * @param name as `wantedName` gave it
   * @throws Refusal for a name that is not safe
   */
  placeOf(name: BytePath): BytePath | null {
    const path = safePath(name);
    const { stripComponents } = this.#settings;
    if (stripComponents === 0) return path;
    const components = path.split('/');
    return components.length > stripComponents ? fromLatin1(components.slice(stripComponents).join('/')) : null;
  }

  /** A name in the kernel's directory, or null for one that is not there. */
  #insideKernel(name: BytePath): BytePath | null {
    const { kernel } = this.#settings;
    if (kernel === null) return name;
    // An absolute path is not made one that is safe.
    if (name.startsWith('/')) return null;
    const path = plainName(name);
    if (path !== kernel && !path.startsWith(`${kernel}/`)) return null;
    this.#isKernelThere = true;
    return fromLatin1(path.slice(kernel.length + 1) || HERE);
  }
}
