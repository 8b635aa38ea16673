import { z } from '@hono/zod-openapi';
import type { Context } from 'hono';
import type { TileAddress } from '../../imagery/tiles/web-mercator.ts';
import { deepestZoom, outsideWorld } from '../../services/tiles/matrix-set.ts';
import { ApiError } from '../error.ts';
import type { ApiEnv } from './context.ts';
import { isKnown } from './etag.ts';
import { refuseInvalid } from './problem.ts';

export const MVT = 'application/vnd.mapbox-vector-tile' as const;

const wantedZoom = `a level from 0 to ${deepestZoom}`;
const wantedIndex = 'a whole number, 0 or more and less than 2^z';

/** Where a tile lies, as addresses say it. */
export const tileShape = {
  z: z
    .string()
    .regex(/^\d{1,2}$/, wantedZoom)
    .openapi({ type: 'integer', description: 'Level of WebMercatorQuad: 2^z tiles a side.', example: '12' }),
  x: z
    .string()
    .regex(/^\d{1,8}$/, wantedIndex)
    .openapi({ type: 'integer', description: 'Column, from the west.', example: '3348' }),
  y: z
    .string()
    .regex(/^\d{1,8}$/, wantedIndex)
    .openapi({ type: 'integer', description: 'Row, from the north.', example: '1726' }),
};

/** The tile meant by checked parameters. @throws ApiError bad-request for one outside the world */
export function tileOf({ z, x, y }: Record<keyof typeof tileShape, string>): TileAddress {
  const tile = { z: Number(z), x: Number(x), y: Number(y) };
  const outside = outsideWorld(tile);
  if (outside === null) return tile;
  const { name, wanted } = outside;
  const got = `'${tile[name]}'`;
  throw new ApiError('bad-request', `Path segment '${name}' must be ${wanted}; got ${got}.`, [
    { in: 'path', field: name, wanted, got },
  ]);
}

/**
 * Path parameters and query of a request, checked. Routers here know no segment that is part name, part ending, so the
 * validator of createRoute cannot be used: the last parameter comes with its ending.
 * @throws ApiError bad-request as validators do
 */
export function checked<Path extends z.ZodType, Query extends z.ZodType>(
  c: Context<ApiEnv>,
  shapes: { params: Path; query: Query },
): z.output<Path> & z.output<Query> {
  const entries = Object.entries(c.req.param() as Record<string, string>);
  const path = Object.fromEntries(
    entries.map(([name, value], k) => [name, k === entries.length - 1 ? value.replace(/\.\w+$/, '') : value]),
  );
  const query = c.req.query();
  const [params, asked] = [shapes.params.safeParse(path), shapes.query.safeParse(query)];
  if (!params.success) refuseInvalid({ target: 'param', success: false, error: params.error as never, data: path });
  if (!asked.success) refuseInvalid({ target: 'query', success: false, error: asked.error as never, data: query });
  return { ...(params.data as object), ...(asked.data as object) } as z.output<Path> & z.output<Query>;
}

/** How long a browser may show a tile without asking: images change with the next run, patches with every step. */
const freshFor = { 'image/png': 'private, max-age=300', [MVT]: 'private, no-cache' };

/** A tile with its tag, or word that the caller has it. */
export async function tileAnswer(
  c: Context<ApiEnv>,
  tag: string,
  type: keyof typeof freshFor,
  body: () => Promise<Uint8Array>,
): Promise<Response> {
  const entity = `"${tag}"`;
  c.header('ETag', entity);
  c.header('Cache-Control', freshFor[type]);
  if (isKnown(c.req.header('if-none-match'), entity)) return c.body(null, 304);
  return c.body(new Uint8Array(await body()), 200, { 'Content-Type': type });
}
