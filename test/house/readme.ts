import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/** The folder of the repository, with a slash at its end. */
export const repository = fileURLToPath(new URL('../../', import.meta.url));

export const readme = readFileSync(`${repository}README.md`, 'utf8');

/** Lines of the README's bash blocks in order, continued lines joined, without comments. */
export function readmeCommands(text: string): string[] {
  const blocks = [...text.matchAll(/^```bash\n([\s\S]*?)^```$/gm)].map((match) => match[1]);
  return blocks
    .flatMap((block) => block.replaceAll(/\\\n\s*/g, '').split('\n'))
    .map((line) => line.trim())
    .filter((line) => line !== '' && !line.startsWith('#'));
}

/** What links and pictures of the README point at, as paths in the repository; addresses elsewhere are left out. */
export function readmeLinks(text: string): string[] {
  const targets = [...text.matchAll(/\]\(([^)\s]+)\)/g)].map((match) => match[1].replace(/#.*$/, ''));
  return [...new Set(targets)].filter((target) => target !== '' && !/^[a-z]+:/.test(target));
}

/** Places in the README that it links to, without the '#'. */
export function readmeAnchors(text: string): string[] {
  return [...text.matchAll(/\]\(#([^)\s]+)\)/g)].map((match) => match[1]);
}

/** Its headings as GitHub makes anchors of them. */
export function readmeHeadings(text: string): string[] {
  const headings = [...text.matchAll(/^#+ (.*)$/gm)].map((match) => match[1].toLowerCase());
  return headings.map((heading) => heading.replaceAll(/[^\p{L}\p{N} -]/gu, '').replaceAll(' ', '-'));
}

/** Rows of the first table whose head begins with `title`, cell by cell, without code marks. */
export function readmeTable(text: string, title: string): string[][] {
  const lines = text.split('\n');
  const head = lines.findIndex((line) => line.startsWith(`| ${title} |`));
  const end = lines.findIndex((line, i) => i > head && !line.startsWith('|'));
  return lines.slice(head + 2, end).map((line) =>
    line
      .split('|')
      .slice(1, -1)
      .map((cell) => cell.trim().replaceAll('`', '')),
  );
}
