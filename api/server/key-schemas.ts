import { z } from '@hono/zod-openapi';
import { SCOPE_NAMES } from '../../services/access/scopes.ts';
import { district, levelName, roleName } from './session-schemas.ts';

const scope = z.enum(SCOPE_NAMES as [(typeof SCOPE_NAMES)[number]], { error: `one of ${SCOPE_NAMES.join(', ')}` });
const mostDays = 366;
const days = `a whole number of days from 1 to ${mostDays}`;

export const keyBody = z
  .object({
    id: z.string(),
    name: z.string().openapi({ description: 'As the history calls what it does.' }),
    role: roleName,
    level: levelName.nullable().openapi({ description: 'Of the office it acts in; null: that of its district.' }),
    district: z.string().openapi({ description: 'District code prefix; empty: all.' }),
    scopes: z
      .array(scope)
      .nullable()
      .openapi({ description: 'What alone it is for, to read; null: all that its role may.' }),
    createdAt: z.string(),
    createdBy: z.string().nullable(),
    expiresAt: z.string().nullable(),
    lastUsedAt: z.string().nullable().openapi({ description: 'To the minute.' }),
    revokedAt: z.string().nullable(),
  })
  .openapi('Key');
export type Key = z.infer<typeof keyBody>;

export const newKeyBody = z
  .strictObject({
    name: z.string({ error: 'a name' }).min(1, 'a name').max(64, 'a name of at most 64 characters'),
    role: roleName.default('viewer'),
    level: levelName.optional(),
    district,
    scopes: z.array(scope, { error: 'a list of scopes' }).min(1, 'one scope or more').max(10).optional(),
    days: z
      .number({ error: days })
      .int(days)
      .min(1, days)
      .max(mostDays, days)
      .openapi({ description: 'It ends by itself after so many.' }),
  })
  .openapi('NewKey');

export const madeKeyBody = keyBody
  .extend({ key: z.string().openapi({ description: 'Told this once; only its hash is kept.' }) })
  .openapi('MadeKey');

export const keyParameter = z.object({ id: z.string().regex(/^[\da-f]{1,32}$/, 'the id of a key') });
