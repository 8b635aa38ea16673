import { readFile, stat } from 'node:fs/promises';
import { extname } from 'node:path';

/** A file beside an image is a few kilobytes of text; what is larger is something else of that name. */
const LARGEST_TEXT_BYTES = 16 * 2 ** 20;

/** A small text that says something of an image. */
export interface TextBeside {
  path: string;
  text: string;
}

/** 'folder/x.tif' with ending '.prj' is 'folder/x.prj'. */
export function withEnding(path: string, ending: string): string {
  return path.slice(0, path.length - extname(path).length) + ending;
}

/** The endings in small letters, then in capitals: cameras and old programs write X.HDR. */
export function inBothCases(endings: readonly string[]): string[] {
  return endings.flatMap((ending) => [ending, ending.toUpperCase()]);
}

/** The first of the files that is there; null where none is, or nothing can be: images behind a URL have none. */
export async function firstFile(paths: readonly string[]): Promise<string | null> {
  for (const path of paths) {
    if (/^\w+:\/\//.test(path)) return null;
    const found = await stat(path).catch(() => null);
    if (found?.isFile() && found.size > 0) return path;
  }
  return null;
}

/** The first of the texts that is there, without byte order mark; null where none is. */
export async function readFirstText(paths: readonly string[]): Promise<TextBeside | null> {
  const path = await firstFile(paths);
  if (path === null || (await stat(path)).size > LARGEST_TEXT_BYTES) return null;
  return { path, text: (await readFile(path, 'utf8')).replace(/^\ufeff/, '') };
}
