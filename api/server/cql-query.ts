import { z } from '@hono/zod-openapi';

const wanted = 'a filter in CQL2 text';

/** The parameters of OGC API - Features part 3, shared by the collections beside patches and the scenes. */
export const cqlShape = {
  filter: z
    .string({ error: wanted })
    .min(1, wanted)
    .optional()
    .openapi({ description: 'CQL2 text over the queryables of the collection.' }),
  'filter-lang': z.enum(['cql2-text'], { error: 'cql2-text' }).optional(),
  'filter-crs': z.enum(['http://www.opengis.net/def/crs/OGC/1.3/CRS84'], { error: 'CRS84' }).optional(),
};
