import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { PROJECT_ROOT } from '../../corpus/trees.js';

/** A document of the project. */
export interface Document {
  /** From the project's root. */
  readonly path: string;
  readonly text: string;
  readonly blocks: readonly CodeBlock[];
  /** What stands in single backquotes, outside blocks. */
  readonly inline: readonly string[];
}

/** A fenced block. */
export interface CodeBlock {
  /** The word behind the fence: `sh`, `text`, ... */
  readonly language: string;
  readonly lines: readonly string[];
  /** The number of its first line in the document. */
  readonly line: number;
  /** Why it is not run: the reason in its first line, `# needs REASON`; null where it is. */
  readonly needs: string | null;
}

const FENCE = '```';
const ROOMS = ['.', 'docs', 'bench', 'bench/results', 'corpus'];

/** Every document, the README first. */
export const DOCUMENTS: readonly Document[] = ROOMS.flatMap(room =>
  readdirSync(join(PROJECT_ROOT, room))
    .filter(name => name.endsWith('.md'))
    .sort()
    .map(name => documentAt(join(room, name))),
).sort((a, b) => Number(b.path === 'README.md') - Number(a.path === 'README.md'));

/** The targets of its links and pictures that lie in the project. */
export function linksOf({ text }: Document): string[] {
  const links = [...text.matchAll(/\]\(([^)\s]+)\)/g)].map(match => match[1] ?? '');
  return links.filter(target => !/^[a-z]+:/.test(target));
}

function documentAt(path: string): Document {
  const text = readFileSync(join(PROJECT_ROOT, path), 'utf8');
  const blocks: CodeBlock[] = [];
  const prose: string[] = [];
  let open: { language: string; lines: string[]; line: number } | null = null;
  text.split('\n').forEach((line, i) => {
    if (open === null && line.startsWith(FENCE)) open = { language: line.slice(FENCE.length), lines: [], line: i + 2 };
    else if (open === null) prose.push(line);
    else if (line === FENCE) {
      const needs = /^# needs (.+)$/.exec(open.lines[0] ?? '')?.[1] ?? null;
      blocks.push({ ...open, needs });
      open = null;
    } else open.lines.push(line);
  });
  if (open !== null) throw new Error(`${path}: a block has no end`);
  const inline = [...prose.join('\n').matchAll(/`([^`]+)`/g)].map(match => match[1] ?? '');
  return { path, text, blocks, inline };
}
