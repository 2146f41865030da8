import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The project's `src`, seen from the compiled test. */
export const SOURCE = join(dirname(fileURLToPath(import.meta.url)), '../../../src');

/** A source file: its path from `src`, its text, and what it imports. */
export interface SourceFile {
  readonly path: string;
  readonly text: string;
  /** Specifiers as written, type-only ones and re-exports included. */
  readonly imports: readonly string[];
}

const SPECIFIER =
  /(?:^|\n)\s*(?:import|export)\b[^'";]*?\bfrom\s*'([^']+)'|(?:^|\n)\s*import\s*'([^']+)'|\bimport\(\s*'([^']+)'\s*\)|\brequire(?:\.resolve)?\(\s*'([^']+)'\s*\)/g;

export function importsOf(text: string): string[] {
  return [...text.matchAll(SPECIFIER)].map(match => match.slice(1).find(group => group !== undefined) ?? '');
}

/** Every TypeScript file of `src`. */
export function sourceFiles(): SourceFile[] {
  return readdirSync(SOURCE, { recursive: true, encoding: 'utf8' })
    .filter(path => path.endsWith('.ts'))
    .sort()
    .map(path => {
      const text = readFileSync(join(SOURCE, path), 'utf8');
      return { path, text, imports: importsOf(text) };
    });
}

/** The path from `src` of a relative import, or null for a package. */
export function resolveImport(from: string, specifier: string): string | null {
  if (!specifier.startsWith('.')) return null;
  return join(dirname(from), specifier).replace(/\.js$/, '.ts');
}

/** The name of the package that a specifier belongs to, or null for our own files and Node's modules. */
export function packageOf(specifier: string): string | null {
  if (specifier.startsWith('.') || specifier.startsWith('node:')) return null;
  const [scope = '', name = ''] = specifier.split('/');
  return scope.startsWith('@') ? `${scope}/${name}` : scope;
}

/** The text without comments; strings stay. Good enough for the patterns that are looked for. */
export function withoutComments(text: string): string {
  return text.replace(/\/\*[\s\S]*?\*\//g, '').replace(/(^|\s)\/\/.*$/gm, '$1');
}
