import { createRoute, z } from '@hono/zod-openapi';
import { JUDGEMENTS } from '../../../services/lifecycle/judgements.ts';
import { CAUSES, REASONS } from '../../../services/lifecycle/reasons.ts';
import { LIFECYCLE_EDITION, STATES, TRANSITIONS } from '../../../services/lifecycle/transitions.ts';
import { apartRows } from '../../../services/lifecycle/undo.ts';
import { createRouter } from '../context.ts';
import { type Lifecycle, lifecycleBody } from '../schemas.ts';

const lifecycle = createRoute({
  method: 'get',
  path: '/lifecycle',
  tags: ['Queue'],
  summary: 'States, steps, judgements and reasons of patches and cases, with their names',
  request: { query: z.strictObject({}) },
  responses: {
    200: { description: 'The whole lifecycle as data', content: { 'application/json': { schema: lifecycleBody } } },
  },
});

/** What a form or a filter needs to know of the lifecycle. The same for everybody, and only with a release another. */
export function lifecycleRoutes() {
  const routes = createRouter();
  const body: Lifecycle = {
    edition: LIFECYCLE_EDITION,
    states: STATES,
    transitions: {
      patch: [...TRANSITIONS.patch, ...apartRows('patch')],
      case: [...TRANSITIONS.case, ...apartRows('case')],
    },
    judgements: JUDGEMENTS,
    reasons: REASONS,
    causes: CAUSES,
  };
  routes.openapi(lifecycle, (c) => c.json(body, 200));
  return routes;
}
