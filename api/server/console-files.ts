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
  'ol.mjs': join(packageOf('ol'), 'dist/ol.js'),
  'ol.css': join(packageOf('ol'), 'ol.css'),
  'idb.mjs': join(packageOf('idb'), 'build/index.js'),
};

/** OpenLayers comes as one script that sets `ol`: as a module it is what the module gives. */
const vendorEndings: Record<string, string> = { 'ol.mjs': '\nexport default ol;\n' };

/** A worker knows no import map: what it imports names the file itself. */
const withoutImportMap: Record<string, [string, string]> = { 'field/box.ts': ["'idb'", "'../vendor/idb.mjs'"] };

/** Addresses that people call by a name of their own, and the file that each of them is. */
const pages: Record<string, string> = {
  '': 'index.html',
  dashboard: 'index.html',
  admin: 'index.html',
  field: 'field/index.html',
};

const types: Record<string, string> = {
  '.html': 'text/html; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.webmanifest': 'application/manifest+json',
  '.ts': 'text/javascript; charset=utf-8',
  '.mjs': 'text/javascript; charset=utf-8',
};

const files = new Map<string, ConsoleFile | null>();

/** The console's file of that name ('', 'dashboard', 'month/desk.ts', 'vendor/preact.mjs'), or null. */
export function consoleFile(address: string): ConsoleFile | null {
  const name = pages[address] ?? address;
  let file = files.get(name);
  if (file === undefined) {
    file = readConsoleFile(name);
    // Names that do not exist are not kept: anybody can invent them without end.
    if (file !== null) files.set(name, file);
  }
  return file;
}

/** The CSP sources of the pages' import maps, their only inline scripts. */
export function importMapSources(): string[] {
  const maps = [...new Set(Object.values(pages))].map((page) => {
    const html = consoleFile(page)?.body ?? '';
    return /<script type="importmap">([\s\S]*?)<\/script>/.exec(html)?.[1] ?? '';
  });
  const sources = maps.map((map) => `'sha256-${createHash('sha256').update(map).digest('base64')}'`);
  return [...new Set(sources)];
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
  const body =
    extension === '.ts'
      ? plainScript(text).replace(...(withoutImportMap[name] ?? ['', '']))
      : withoutMap(text) + (vendorEndings[name.slice(7)] ?? '');
  return { type: types[extension], body, etag: `"${createHash('sha256').update(body).digest('hex').slice(0, 16)}"` };
}

/** A path inside the console folder or of a vendor module; null for any other name. */
function consolePath(name: string): string | null {
  const vendor = /^vendor\/([\w.-]+)$/.exec(name)?.[1];
  if (vendor !== undefined) return vendorFiles[vendor] ?? null;
  return /^([a-z0-9-]+\/)?[a-z0-9-]+\.(html|css|svg|ts|webmanifest)$/.test(name) ? join(folder, name) : null;
}

/** The package's own folder. */
function packageOf(name: string): string {
  return dirname(require.resolve(`${name}/package.json`));
}

/** The maps of third-party scripts are not served, so that nothing asks for them. */
function withoutMap(text: string): string {
  return text.replace(/\n\/\/# sourceMappingURL=.*\s*$/, '\n');
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
