import { z } from '@hono/zod-openapi';
import type { Access } from '../../services/access/keys.ts';
import { type PatchFilter, parsePatchFilter } from '../../services/queue/filter.ts';
import * as parameter from './parameters.ts';

const wantedWords = 'words of at most 100 letters in all';
const wantedPerson = 'a name of at most 100 letters';
const wantedFilter = 'a filter in CQL2 text';

/** The filter parameters of every request for patches; checked here, read by the queue's own filter. */
export const filterShape = {
  month: parameter.month.optional(),
  district: parameter.district.optional(),
  layer: parameter.names.optional().openapi({ description: 'Lies in any of these layers.', example: 'farmland' }),
  state: parameter.states.optional(),
  stage: parameter.stage.optional().openapi({ description: 'Is in a state of this stage.' }),
  type: parameter.names.optional().openapi({ description: 'Is of any of these types.', example: 'built,road' }),
  theme: parameter.names.optional().openapi({
    description: 'Belongs to any of these themes (GET /themes).',
    example: 'farmland-quantity',
  }),
  minArea: parameter.areaM2.optional().openapi({ description: 'At least so large, m².' }),
  maxArea: parameter.areaM2.optional().openapi({ description: 'At most so large, m².' }),
  bbox: parameter.bbox.optional().openapi({ description: 'Its box meets this one.' }),
  updatedSince: parameter.instant.optional().openapi({ description: 'Something happened to it then or later.' }),
  overdue: parameter.flag.optional().openapi({ description: 'Past its due date, or not.' }),
  text: z.string({ error: wantedWords }).min(1, wantedWords).max(100, wantedWords).optional().openapi({
    description: "Words that must all stand in its number, its district's name, its type's name or a note.",
    example: '衡阳县 推土',
  }),
  assignee: z.string({ error: wantedPerson }).min(1, wantedPerson).max(100, wantedPerson).optional().openapi({
    description: 'Who has it in hand (承办人): given it by hand, else by the register of duties.',
  }),
  filter: z.string({ error: wantedFilter }).min(1, wantedFilter).optional().openapi({
    description: 'CQL2 text over the queryables (GET /collections/patches/queryables).',
    example: "areaM2 > 400 AND type IN ('20','TD')",
  }),
  'filter-lang': z.enum(['cql2-text'], { error: 'cql2-text' }).optional(),
  'filter-crs': z.enum(['http://www.opengis.net/def/crs/OGC/1.3/CRS84'], { error: 'CRS84' }).optional(),
};

export type FilterQuery = z.output<z.ZodObject<typeof filterShape>>;

/**
 * The filter a request means, never wider than what its bearer may see.
 * @throws ServiceError bad-input, naming the parameter
 */
export function patchFilter(query: FilterQuery, access: Access, now: Date): PatchFilter {
  const { bbox, updatedSince, 'filter-lang': _, 'filter-crs': _1, ...rest } = query;
  const filter = parsePatchFilter(rest as Partial<Record<string, string>>, now);
  return { ...filter, ...(bbox && { bbox }), ...(updatedSince && { updatedSince }), within: access.district };
}

/** The header in which every answer about patches names the state of the store that it tells of. */
export const SNAPSHOT_HEADER = 'Tuban-Snapshot';
