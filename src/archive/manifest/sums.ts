import type { BytePath } from '../../bytes/bytePath.js';
import type { Plan } from '../../model/plan.js';

/**
 * The digests of the archived contents as `sha256sum -c` reads them, once the archive is unpacked in the working
 * directory: a line for each regular file and hard link, in the archive's order. Symbolic links have no content.
 */
export function sumsOf(plan: Plan): Buffer {
  const digestOf = new Map<BytePath, string>();
  const lines: Buffer[] = [];
  for (const entry of plan.entries) {
    if (entry.kind === 'regular') digestOf.set(entry.name, entry.source.digest);
    else if (entry.kind === 'hardlink') digestOf.set(entry.name, digestOf.get(entry.target) ?? '');
    const digest = digestOf.get(entry.name);
    if (digest !== undefined) lines.push(sumLine(digest, entry.name));
  }
  return Buffer.concat(lines);
}

/**
 * A line as GNU sha256sum writes it: digest, two blanks, name. A name with a backslash, newline or carriage return has
 * these escaped, and the line begins with a backslash to say so.
 */
export function sumLine(digest: string, name: BytePath): Buffer {
  const escaped = name.replace(/[\\\n\r]/g, c => (c === '\\' ? '\\\\' : c === '\n' ? '\\n' : '\\r'));
  const mark = escaped === name ? '' : '\\';
  return Buffer.from(`${mark}${digest}  ${escaped}\n`, 'latin1');
}
