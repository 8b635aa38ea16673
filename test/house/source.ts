import { readdirSync, readFileSync } from 'node:fs';
import { join, posix } from 'node:path';
import { fileURLToPath } from 'node:url';

/** A file of the repository: its path from the root, with '/', and its text. */
export interface SourceFile {
  path: string;
  text: string;
}

export interface Import {
  /** As written: './grid.ts', 'kysely/migration', 'node:fs'. */
  specifier: string;
  /** True where nothing of it is left at run time. */
  typeOnly: boolean;
  /** True where it is not imported but run by a thread of its own. */
  startsThread: boolean;
  /** Path from the root where the import is relative, else null. */
  file: string | null;
  /** 'kysely', '@hono/zod-openapi', 'node:fs'; null where the import is relative. */
  package: string | null;
}

export const repository = fileURLToPath(new URL('../../', import.meta.url));
export const layers = ['imagery', 'detectors', 'services', 'api'] as const;
const textFile = /\.(ts|js|css|html|svg|json|md|sql)$/;

/** Every text file under the source folders and test/. */
export function repositorySources(): SourceFile[] {
  return [...layers, 'test'].flatMap((folder) =>
    readdirSync(join(repository, folder), { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile() && textFile.test(entry.name))
      // AssemblyScript: another language, with its own imports.
      .filter((entry) => !entry.parentPath.endsWith('/assembly'))
      .map((entry) => join(entry.parentPath, entry.name))
      .map((path) => ({ path: path.slice(repository.length), text: readFileSync(path, 'utf8') })),
  );
}

export function isProgram(file: SourceFile): boolean {
  return /\.(ts|js)$/.test(file.path);
}

/** The layer a file belongs to, or null: test/ and the top. */
export function layerOf(path: string): (typeof layers)[number] | null {
  return layers.find((layer) => path.startsWith(`${layer}/`)) ?? null;
}

// TypeScript 7 has no parser to call from JavaScript. The formatter puts every import at the start of a line.
const fromClause = /^(?:import|export)\s+(type\s)?([\w$*{},\s]*?)\s*\bfrom\s*['"]([^'"]+)['"]/gm;
const sideEffect = /^import\s*['"]([^'"]+)['"]/gm;
const called = /(typeof\s+)?\b(?:import|require)\(\s*['"]([^'"]+)['"]/g;
/** How a worker thread's program is named. */
const workerFile = /\bnew URL\(\s*['"](\.[^'"]+\.ts)['"]/g;

/** Everything a program imports, in any of the ways TypeScript has. */
export function importsOf(file: SourceFile): Import[] {
  const text = withoutComments(file.text);
  const found: Import[] = [];
  const add = (specifier: string, typeOnly: boolean, startsThread = false) =>
    found.push({ specifier, typeOnly, startsThread, ...target(file.path, specifier) });
  for (const [, type, names, specifier] of text.matchAll(fromClause)) {
    add(specifier, type !== undefined || everyNameIsType(names));
  }
  for (const [, specifier] of text.matchAll(sideEffect)) add(specifier, false);
  for (const [, typed, specifier] of text.matchAll(called)) add(specifier, typed !== undefined);
  for (const [, specifier] of text.matchAll(workerFile)) add(specifier, false, true);
  return found;
}

/** The text with comments blanked; a comment's marks inside a string, as in an address, are left alone. */
export function withoutComments(text: string): string {
  return text.replace(/\/\*[\s\S]*?\*\//g, '').replace(/(^|\s)\/\/.*$/gm, '$1');
}

function everyNameIsType(names: string): boolean {
  const inBraces = /^\s*\{([\s\S]*)\}\s*$/.exec(names)?.[1];
  const list = (inBraces ?? '').split(',').filter((name) => name.trim() !== '');
  return list.length > 0 && list.every((name) => /^\s*type\s/.test(name));
}

function target(importer: string, specifier: string): Pick<Import, 'file' | 'package'> {
  if (specifier.startsWith('.')) return { file: posix.join(posix.dirname(importer), specifier), package: null };
  const parts = specifier.split('/').slice(0, specifier.startsWith('@') ? 2 : 1);
  return { file: null, package: parts.join('/') };
}
