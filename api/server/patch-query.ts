import type { z } from '@hono/zod-openapi';
import type { Access } from '../../services/access/keys.ts';
import { type PatchFilter, parsePatchFilter } from '../../services/queue/filter.ts';
import * as parameter from './parameters.ts';

/** The filter parameters of every request for patches; checked here, read by the queue's own filter. */
export const filterShape = {
  month: parameter.month.optional(),
  district: parameter.district.optional(),
  layer: parameter.names.optional().openapi({ description: 'Lies in any of these layers.', example: 'farmland' }),
  state: parameter.states.optional(),
  stage: parameter.stage.optional().openapi({ description: 'Is in a state of this stage.' }),
  type: parameter.names.optional().openapi({ description: 'Is of any of these types.', example: 'built,road' }),
  minArea: parameter.areaM2.optional().openapi({ description: 'At least so large, m².' }),
  bbox: parameter.bbox.optional().openapi({ description: 'Its box meets this one.' }),
  updatedSince: parameter.instant.optional().openapi({ description: 'Something happened to it then or later.' }),
  overdue: parameter.flag.optional().openapi({ description: 'Past its due date, or not.' }),
};

export type FilterQuery = z.output<z.ZodObject<typeof filterShape>>;

/** The filter a request means, never wider than what its bearer may see. */
export function patchFilter({ bbox, updatedSince, ...rest }: FilterQuery, access: Access, now: Date): PatchFilter {
  const filter = parsePatchFilter(rest as Partial<Record<string, string>>, now);
  return { ...filter, ...(bbox && { bbox }), ...(updatedSince && { updatedSince }), within: access.district };
}
