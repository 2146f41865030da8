import { bashCompletion } from './bash.js';
import { fishCompletion } from './fish.js';
import type { CommandReference } from './reference.js';
import { zshCompletion } from './zsh.js';

/** A shell that completes command lines: how, and where a system keeps that. */
export interface Shell {
  readonly script: (program: CommandReference) => string;
  /** Below `/usr/share`. */
  readonly place: string;
}

export const SHELLS: Readonly<Record<'bash' | 'zsh' | 'fish', Shell>> = {
  bash: { script: bashCompletion, place: 'bash-completion/completions/kheaders-pack' },
  zsh: { script: zshCompletion, place: 'zsh/site-functions/_kheaders-pack' },
  fish: { script: fishCompletion, place: 'fish/vendor_completions.d/kheaders-pack.fish' },
};
