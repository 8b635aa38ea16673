import { createRoute, z } from '@hono/zod-openapi';
import { type AuditReport, verifyAudit } from '../../../services/audit/verify.ts';
import { ServiceError } from '../../../services/error.ts';
import { listAnchors } from '../../../services/store/audit.ts';
import { listReads } from '../../../services/store/reads.ts';
import * as schema from '../admin-schemas.ts';
import { createRouter, type Services } from '../context.ts';
import * as parameter from '../parameters.ts';
import { requireWholeWorkspace } from '../whole-workspace.ts';

const about = { tags: ['Audit'], description: 'For administrators of the whole workspace.' };

const anchors = createRoute({
  ...{ method: 'get', path: '/audit/anchors', ...about },
  summary: 'Where the log stood at moments that were noted',
  request: { query: z.strictObject({}) },
  responses: {
    200: {
      description: 'The latest first',
      content: { 'application/json': { schema: z.object({ anchors: z.array(schema.anchor) }) } },
    },
  },
});

const verify = createRoute({
  ...{ method: 'get', path: '/audit/verification', ...about },
  summary: 'Read the whole log and say whether it is what was written',
  request: { query: z.strictObject({}) },
  responses: {
    200: { description: 'What was found', content: { 'application/json': { schema: schema.verification } } },
  },
});

const reads = createRoute({
  ...{ method: 'get', path: '/audit/reads', ...about },
  summary: 'Who read what',
  request: {
    query: z.strictObject({
      actor: z.string().min(1).max(200).optional(),
      patch: parameter.id.optional(),
      from: parameter.instant.optional(),
      to: parameter.instant.optional(),
      limit: parameter.integer(1, 1000).default(100),
    }),
  },
  responses: {
    200: {
      description: 'The latest first',
      content: { 'application/json': { schema: z.object({ reads: z.array(schema.read) }) } },
    },
  },
});

export function auditRoutes({ store }: Services) {
  const routes = createRouter();
  let verifying = false;
  routes.openapi(anchors, async (c) => {
    requireWholeWorkspace(c.get('access'), 'Anchors');
    const rows = (await listAnchors(store.db)).reverse();
    return c.json({ anchors: rows.map(({ seq, hash, count, at }) => ({ seq, hash, count, at })) }, 200);
  });
  routes.openapi(verify, async (c) => {
    requireWholeWorkspace(c.get('access'), 'The log');
    // It reads everything: two at once would only be slower.
    if (verifying)
      throw new ServiceError('busy', 'The log is being verified for somebody else; try again in a minute.');
    verifying = true;
    try {
      return c.json(verificationBody(await verifyAudit(store)), 200);
    } finally {
      verifying = false;
    }
  });
  routes.openapi(reads, async (c) => {
    requireWholeWorkspace(c.get('access'), 'The record of reads');
    const { limit, patch, ...filter } = c.req.valid('query');
    const rows = await listReads(store.db, { ...filter, patch: patch === undefined ? undefined : [patch] }, limit);
    return c.json({ reads: rows }, 200);
  });
  return routes;
}

function verificationBody({ ok, events, head, firstBroken, chain, anchors, projections, detections }: AuditReport) {
  const faults = [
    ...chain.first.map(({ seq, problem }) => `event ${seq}: ${problem}`),
    ...anchors.faults.map(({ anchor, problem }) => `anchor ${anchor.hash.slice(0, 12)}: ${problem}`),
    ...(projections?.faults.first ?? []).map(({ subject, id, problem }) => `${subject} ${id}: ${problem}`),
    ...(detections?.faults.first ?? []).map(({ id, problem }) => `detection ${id}: ${problem}`),
  ];
  return { ok, events, head: { seq: head.seq, hash: head.hash }, firstBroken, faults };
}
