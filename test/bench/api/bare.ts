import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createAdaptorServer } from '@hono/node-server';
import { Hono } from 'hono';

/** What the list is measured against: one route, nothing around it, that sends the same bytes from memory. */
const [file] = process.argv.slice(2);
const bodies = new Map<string, string>(JSON.parse(await readFile(file, 'utf8')));
const app = new Hono();
app.get('/patches', (c) => {
  const url = new URL(c.req.url);
  return c.body(bodies.get(url.pathname + url.search) ?? '', 200, { 'Content-Type': 'application/json' });
});
const server = createAdaptorServer({ fetch: app.fetch, createServer });
server.listen(0, '127.0.0.1', () => {
  process.stdout.write(`http://127.0.0.1:${(server.address() as AddressInfo).port}\n`);
});
