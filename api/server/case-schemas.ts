import { z } from '@hono/zod-openapi';
import * as parameter from './parameters.ts';
import { action, event, time } from './schemas.ts';

const caseItem = z
  .object({
    id: z.string(),
    title: z.string(),
    district: z.string().openapi({ description: 'Of the authority whose case it is; its patches may lie in others.' }),
    state: z.string(),
    version: z.number().int(),
    createdAt: time,
    updatedAt: time,
  })
  .openapi('Case');

export const casePage = z
  .object({
    cases: z.array(caseItem.extend({ patches: z.number().int().openapi({ description: 'How many it covers.' }) })),
    next: z.string().nullable(),
  })
  .openapi('CasePage');

export const caseDetail = caseItem
  .extend({
    dueAt: time.nullable(),
    patches: z.array(
      z.object({
        id: z.string(),
        number: z.string(),
        district: z.string(),
        state: z.string(),
        areaM2: z.number(),
      }),
    ),
    history: z.array(event),
    actions: z.array(action).openapi({ description: 'The steps possible now.' }),
  })
  .openapi('CaseDetail');
export type CaseDetailBody = z.infer<typeof caseDetail>;

export const caseBody = z
  .strictObject(
    {
      title: z.string({ error: 'a title' }).min(1, 'a title').max(200, 'a title of at most 200 letters'),
      district: parameter.district,
      patches: z
        .array(parameter.id, { error: 'ids or numbers of patches' })
        .min(1, 'at least one patch')
        .max(500, 'at most 500 patches'),
    },
    { error: 'a JSON object with title, district and patches' },
  )
  .openapi('NewCase');
