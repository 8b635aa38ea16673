import { z } from '@hono/zod-openapi';
import { day } from './parameters.ts';

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
    zones: z.int(),
    importedAt: z.string(),
    crs: z.string().nullable(),
    encoding: z.string().nullable(),
  })
  .openapi('LayerVersion');

const layerImport = z
  .object({
    layerId: z.string(),
    layer: z.string(),
    features: z.int(),
    areaM2: z.number(),
    notes: z.object({ repaired: z.int(), rejected: z.int(), outside: z.int(), note: z.int() }),
    shown: z.array(
      z.object({
        featureId: z.string(),
        kind: z.enum(['repaired', 'rejected', 'outside', 'note']),
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
