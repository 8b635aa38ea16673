import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createRequire, stripTypeScriptTypes } from 'node:module';
import { dirname, extname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** One file of the console as it goes to the browser. */
export interface ConsoleFile {
  type: string;
  body: string;
  etag: string;
}

const folder = fileURLToPath(new URL('../console/', import.meta.url));
const require = createRequire(import.meta.url);

/** Third-party modules that the console's import map names: no bundler, the packages' own ES modules. */
const vendorFiles: Record<string, string> = {
  'preact.mjs': require.resolve('preact'),
  'preact-hooks.mjs': require.resolve('preact/hooks'),
  'htm.mjs': join(dirname(require.resolve('htm')), 'htm.module.js'),
  'htm-preact.mjs': join(dirname(require.resolve('htm')), '../preact/index.module.js'),
};

const types: Record<string, string> = {
  '.html': 'text/html; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.ts': 'text/javascript; charset=utf-8',
  '.mjs': 'text/javascript; charset=utf-8',
};

const files = new Map<string, ConsoleFile | null>();

/** The console's file of that name ('index.html', 'app.ts', 'vendor/preact.mjs'), or null. */
export function consoleFile(name: string): ConsoleFile | null {
  let file = files.get(name);
  if (file === undefined) {
    file = readConsoleFile(name);
    // Names that do not exist are not kept: anybody can invent them without end.
    if (file !== null) files.set(name, file);
  }
  return file;
}

/** The CSP source of the page's import map, its only inline script. */
export function importMapSource(): string {
  const page = consoleFile('index.html')?.body ?? '';
  const map = /<script type="importmap">([\s\S]*?)<\/script>/.exec(page)?.[1] ?? '';
  return `'sha256-${createHash('sha256').update(map).digest('base64')}'`;
}

function readConsoleFile(name: string): ConsoleFile | null {
  const path = consolePath(name);
  if (path === null) return null;
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch {
    return null;
  }
  const extension = extname(name);
  const body = extension === '.ts' ? plainScript(text) : text.replace(/\n\/\/# sourceMappingURL=.*\s*$/, '\n');
  return { type: types[extension], body, etag: `"${createHash('sha256').update(body).digest('hex').slice(0, 16)}"` };
}

/** A path inside the console folder or of a vendor module; null for any other name. */
function consolePath(name: string): string | null {
  const vendor = /^vendor\/([\w.-]+)$/.exec(name)?.[1];
  if (vendor !== undefined) return vendorFiles[vendor] ?? null;
  return /^[a-z0-9-]+\.(html|css|svg|ts)$/.test(name) ? join(folder, name) : null;
}

/** TypeScript without its types. Node warns once that stripping is experimental; a user cannot act on it. */
function plainScript(text: string): string {
  const { emitWarning } = process;
  process.emitWarning = () => {};
  try {
    return stripTypeScriptTypes(text);
  } finally {
    process.emitWarning = emitWarning;
  }
}
