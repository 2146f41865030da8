import { ShapeError } from '../../bytes/jsonShape.js';
import type { ManifestSettings } from '../../model/manifest.js';
import { isKernelName } from '../../settings/kernels.js';
import { PATTERN_MAX, PATTERNS_MAX } from '../../tree/patterns.js';

/**
 * Takes only what pack's options could have said of kernels and of their files: a tree is read by it, and a rebuild's command
 * line is made of it.
 *
 * @throws ShapeError
 */
export function requireSelection(settings: ManifestSettings, at: string): void {
  const { profile, symvers, listed } = settings;
  requireKernels(settings, at);
  if (listed && profile !== 'headers') throw new ShapeError(`${at}.listed: a list takes the place of a profile`);
  if (symvers && profile !== 'modules') throw new ShapeError(`${at}.symvers: only profile modules has Module.symvers`);
  for (const key of ['include', 'exclude'] as const) {
    let total = 0;
    settings[key].forEach((pattern, i) => {
      if (pattern.length > PATTERN_MAX) {
        throw new ShapeError(`${at}.${key}[${i}]: expected at most ${PATTERN_MAX} characters`);
      }
      total += pattern.length;
      if (total > PATTERNS_MAX)
        throw new ShapeError(`${at}.${key}: expected at most ${PATTERNS_MAX} characters in all`);
    });
  }
}

function requireKernels({ kernels, profile, listed }: ManifestSettings, at: string): void {
  if (kernels.length === 0) throw new ShapeError(`${at}.kernels: expected one kernel at least`);
  if (listed && kernels.length > 1) throw new ShapeError(`${at}.kernels: expected one, for there is a list of files`);
  const hasArch = profile !== 'all' && !listed;
  const names = new Set<string>();
  kernels.forEach(({ name, srcarch }, i) => {
    const place = `${at}.kernels[${i}]`;
    const isTop = name === '' && kernels.length === 1;
    if (!(isTop || isKernelName(name))) {
      throw new ShapeError(`${place}.name: expected the name of a kernel, found ${JSON.stringify(name)}`);
    }
    if (names.has(name)) throw new ShapeError(`${place}.name: a kernel before has the same`);
    names.add(name);
    if ((srcarch === '') === hasArch) {
      throw new ShapeError(`${place}.srcarch: it is stated where a profile reads one architecture, and nowhere else`);
    }
  });
}
