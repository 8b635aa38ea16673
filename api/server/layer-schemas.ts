import { z } from '@hono/zod-openapi';
import { day, integer } from './parameters.ts';

/** Bodies about layers of zones. */

export const layerVersion = z
  .object({
    id: z.string(),
    layer: z.string(),
    scope: z.string().openapi({ description: "District code prefix it speaks for; '' = everywhere." }),
    validFrom: day,
    validTo: day.nullable(),
    completeTo: day.nullable().openapi({ description: 'Last day of which it is known to be complete.' }),
    state: z.enum(['importing', 'ready']),
    zones: z
      .int()
      .nullable()
      .openapi({ description: "Null where the version speaks for more than the key's district." }),
    importedAt: z.string(),
    crs: z.string().nullable(),
    encoding: z.string().nullable(),
  })
  .openapi('LayerVersion');
export type LayerVersion = z.infer<typeof layerVersion>;

const noteKind = z.enum(['repaired', 'rejected', 'outside', 'note'], { error: 'repaired, rejected, outside or note' });
const noteCounts = z.object({ repaired: z.int(), rejected: z.int(), outside: z.int(), note: z.int() });

export const layerNoteQuery = z.strictObject({
  kind: noteKind.optional(),
  limit: integer(1, 10_000).default(1000),
  after: integer(0, 999_999_999).default(0).openapi({ description: "From the 'next' of an earlier page." }),
});

export const layerNotes = z
  .object({
    id: z.string(),
    layer: z.string(),
    counts: noteCounts.openapi({ description: 'Of all pages and kinds.' }),
    notes: z.array(z.object({ seq: z.int(), featureId: z.string(), kind: noteKind, what: z.string() })),
    next: z.int().nullable().openapi({ description: "The 'after' of the next page; null at the end." }),
  })
  .openapi('LayerNotes');
export type LayerNotes = z.infer<typeof layerNotes>;

const layerImport = z
  .object({
    layerId: z.string(),
    layer: z.string(),
    features: z.int(),
    areaM2: z.number(),
    notes: noteCounts,
    shown: z.array(
      z.object({
        featureId: z.string(),
        kind: noteKind,
        what: z.string(),
      }),
    ),
    idsFrom: z.string(),
    crs: z.string().nullable(),
    encoding: z.string().nullable(),
    replacedVersion: z.object({ layerId: z.string(), validFrom: day }).optional(),
    alreadyImported: z.boolean(),
    resumedFrom: z.int(),
  })
  .openapi('LayerImport');

export const layerUpload = z
  .object({
    id: z.string(),
    layer: z.string(),
    file: z.string(),
    state: z.enum(['importing', 'done', 'failed']),
    done: z.int().openapi({ description: 'Features read.' }),
    total: z.int().nullable(),
    result: layerImport.nullable(),
    error: z.string().nullable(),
  })
  .openapi('LayerUpload');
export type LayerUpload = z.infer<typeof layerUpload>;
