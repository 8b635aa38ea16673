import { openBox } from './box.ts';
import type { Answer } from './item.ts';
import { sendAll, type Transport } from './sending.ts';

/**
 * Keeps the page's files, so that it opens without the server, and sends what waits when the phone finds a network
 * while the page is closed. Answers of the API are never kept here.
 */

/** Written in front of this file by the server: see api/server/field-files.ts. */
declare const PAGE_FILES: { version: string; files: readonly (readonly [address: string, etag: string])[] };

/** Of the worker's world, what is used here. */
interface WorkerScope {
  registration: { scope: string };
  clients: { matchAll(): Promise<{ postMessage(message: string): void }[]> };
  skipWaiting(): Promise<void>;
  addEventListener(
    name: 'install' | 'activate' | 'fetch' | 'message' | 'sync',
    listen: (event: WorkerEvent) => void,
  ): void;
}

interface WorkerEvent {
  request: Request;
  data: unknown;
  tag: string;
  waitUntil(work: Promise<unknown>): void;
  respondWith(response: Promise<Response>): void;
}

const worker = globalThis as unknown as WorkerScope;
const prefix = 'tuban-field-';
const kept = prefix + PAGE_FILES.version;
/** The scope is /console/field itself; the console's files lie beside it. */
const consoleRoot = new URL('./', worker.registration.scope);
const apiRoot = new URL('../', consoleRoot);
const addresses = new Set(PAGE_FILES.files.map(([address]) => new URL(address, consoleRoot).href));

worker.addEventListener('install', (event) => event.waitUntil(keepFiles()));
worker.addEventListener('activate', (event) => event.waitUntil(dropOlder()));
worker.addEventListener('message', (event) => {
  if (event.data === 'take-over') event.waitUntil(worker.skipWaiting());
});
worker.addEventListener('sync', (event) => {
  if (event.tag === 'send') event.waitUntil(sendInBackground());
});
worker.addEventListener('fetch', (event) => {
  const { method, url } = event.request;
  const address = url.split(/[?#]/)[0];
  if (method === 'GET' && addresses.has(address)) event.respondWith(fileAt(address, event.request));
});

/** All of one version or nothing: an update in the middle is tried again. */
async function keepFiles(): Promise<void> {
  const cache = await caches.open(kept);
  for (const [address, etag] of PAGE_FILES.files) {
    const url = new URL(address, consoleRoot);
    const response = await fetch(url, { cache: 'reload' });
    const got = response.headers.get('ETag')?.replace(/^W\//, '');
    if (!response.ok || got !== etag) {
      await caches.delete(kept);
      throw new Error(`${url} is of another version`);
    }
    await cache.put(url, response);
  }
}

async function dropOlder(): Promise<void> {
  const names = (await caches.keys()).filter((name) => name.startsWith(prefix) && name !== kept);
  await Promise.all(names.map((name) => caches.delete(name)));
}

async function fileAt(address: string, request: Request): Promise<Response> {
  const cache = await caches.open(kept);
  return (await cache.match(address)) ?? fetch(request);
}

/** The page sends by itself where it is open: it shows how far it is. */
async function sendInBackground(): Promise<void> {
  const pages = await worker.clients.matchAll();
  if (pages.length > 0) {
    for (const page of pages) page.postMessage('send');
    return;
  }
  const box = await openBox();
  try {
    const nothing = () => {};
    const when = await sendAll(box, {
      transport: plainTransport,
      whoIsThere: loggedIn,
      now: () => new Date(),
      onChange: nothing,
      onLogIn: nothing,
    });
    // A rejected sync is tried again by the browser.
    if (when !== null) throw new Error('some of it waits');
  } finally {
    box.close();
  }
}

const plainTransport: Transport = async ({ path, headers, body }) => {
  try {
    const response = await fetch(new URL(path, apiRoot), { method: 'POST', headers, body });
    const said = (await response.json().catch(() => ({}))) as Answer['body'];
    const retryAfter = Number(response.headers.get('Retry-After'));
    return { status: response.status, body: said, retryAfterS: Number.isFinite(retryAfter) ? retryAfter : null };
  } catch {
    return { status: 0, body: {}, retryAfterS: null };
  }
};

/** Only a session lasts beyond the page; a key is gone with it. */
async function loggedIn(): Promise<string | null> {
  const response = await fetch(new URL('session', apiRoot), { cache: 'no-store' }).catch(() => null);
  if (!response?.ok) return null;
  return ((await response.json()) as { name: string }).name;
}
