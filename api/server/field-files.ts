import { createHash } from 'node:crypto';
import { type ConsoleFile, consoleFile } from './console-files.ts';

/** The address of the field page's worker, under /console/. */
export const FIELD_WORKER = 'field/worker.ts';

/** What it may have in its hands, from where it lies: the field page, and no other of the console. */
export const FIELD_SCOPE = '../field';

let worker: ConsoleFile | null = null;

/**
 * The worker of the field page, with the addresses of all files that the page is made of in front of it. Any file that
 * changes makes another worker, and with it the browser takes all of them anew.
 */
export function fieldWorker(): ConsoleFile {
  if (worker !== null) return worker;
  const own = consoleFile(FIELD_WORKER)!;
  const files = [...pageFiles('field')].map((address) => [address, consoleFile(address)!.etag]);
  const version = createHash('sha256').update(JSON.stringify(files)).update(own.etag).digest('hex').slice(0, 12);
  const body = `const PAGE_FILES = ${JSON.stringify({ version, files })};\n${own.body}`;
  const etag = `"${createHash('sha256').update(body).digest('hex').slice(0, 16)}"`;
  worker = { ...own, body, etag };
  return worker;
}

/** A page's address, what it links, and all that its scripts import. */
function pageFiles(page: string): Set<string> {
  const html = consoleFile(page)!.body;
  const links = [...html.matchAll(/<(?:link|script)\b[^>]*\b(?:href|src)="([^"]+)"/g)].map(([, address]) => address);
  const map = /<script type="importmap">([\s\S]*?)<\/script>/.exec(html)?.[1] ?? '{"imports":{}}';
  const { imports } = JSON.parse(map) as { imports: Record<string, string> };
  const files = new Set([page]);
  const follow = (address: string) => {
    const file = files.has(address) ? null : consoleFile(address);
    // What only looks like an import is no file.
    if (file === null) return;
    files.add(address);
    if (!/\.(ts|mjs)$/.test(address)) return;
    for (const [, specifier] of file.body.matchAll(/\b(?:from|import)\s*['"]([^'"\s]+)['"]/g)) {
      follow(addressOf(specifier, address, imports));
    }
  };
  for (const address of links) follow(address);
  return files;
}

function addressOf(specifier: string, from: string, imports: Record<string, string>): string {
  const mapped = imports[specifier];
  const base = new URL(mapped === undefined ? from : '', 'http://console/');
  return new URL(mapped ?? specifier, base).pathname.slice(1);
}
