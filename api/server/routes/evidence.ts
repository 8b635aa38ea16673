import { createReadStream } from 'node:fs';
import { mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { createRoute, z } from '@hono/zod-openapi';
import { ServiceError } from '../../../services/error.ts';
import { writeBundle } from '../../../services/evidence/bundle/write-bundle.ts';
import { createRouter, type Services } from '../context.ts';
import * as parameter from '../parameters.ts';

const bundle = createRoute({
  method: 'get',
  path: '/patches/{id}/evidence',
  tags: ['Evidence'],
  summary: 'All that is known of a patch as one signed zip',
  description:
    'Outline in both coordinate systems, scenes with their hashes, pictures and clipped images of both dates, overlaps, ' +
    'opinions with the rules to the letter, photos, statements, history and a report in Chinese. ' +
    '`tuban evidence verify` checks it offline.',
  request: { params: z.object({ id: parameter.id }), query: z.strictObject({}) },
  responses: {
    200: {
      description: 'The bundle',
      content: { 'application/zip': { schema: z.string().openapi({ format: 'binary' }) } },
    },
  },
});

export function evidenceRoutes({ store, home, now }: Pick<Services, 'store' | 'now' | 'home'>) {
  const routes = createRouter();
  // Bundles are made one after another: each reads images, and a server has others to serve.
  let last: Promise<unknown> = Promise.resolve();
  routes.openapi(bundle, async (c) => {
    if (home === undefined) {
      throw new ServiceError('store-unusable', 'This server has no workspace folder, where photos and the key lie.');
    }
    const { actor, district } = c.get('access');
    const folder = await mkdtemp(join(tmpdir(), 'tuban-evidence-api-'));
    const path = join(folder, 'bundle.zip');
    const request = { patch: c.req.valid('param').id, within: district, path, askedBy: actor, at: now() };
    const making = last.then(() => writeBundle(store, home, request));
    last = making.catch(() => {});
    try {
      const { number } = await making;
      const { size } = await stat(path);
      const stream = createReadStream(path);
      stream.once('close', () => void rm(folder, { recursive: true, force: true }));
      return c.body(Readable.toWeb(stream) as ReadableStream, 200, {
        'Content-Type': 'application/zip',
        'Content-Length': String(size),
        'Content-Disposition': `attachment; filename="${number}.zip"`,
        'Cache-Control': 'private, no-store',
      });
    } catch (error) {
      await rm(folder, { recursive: true, force: true });
      throw error;
    }
  });
  return routes;
}
