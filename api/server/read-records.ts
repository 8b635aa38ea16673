import type { Context, MiddlewareHandler } from 'hono';
import { isRead } from './access.ts';
import type { ApiEnv, Services } from './context.ts';

/** What describes the service and no data of the workspace. */
const OPEN =
  /^(\/(conformance|collections|collections\/[^/]+|collections\/[^/]+\/(queryables|tiles(\/[^/]+)?)|tileMatrixSets(\/[^/]+)?|tiles\/.*\.json|openapi(-3\.0)?\.json|docs|lifecycle|change-types|stac|stac\/conformance))?$/;

/** A look at a map is dozens of tiles of images, which tell of no patch: what it shows of patches, vector tiles do. */
const IMAGE_TILE = /^\/tiles\/(months|scenes)\//;

const PATCH = /^\/patches\/([^/]+)(?:\/([^/]+))?/;
const FEATURE = /^\/collections\/patches\/items(?:\/([^/]+))?$/;

/** Longer questions are cut: a search can be sent with a polygon of any size. */
const mostFilter = 2000;

/** Notes every answer that gave data of the workspace away: who, what, how asked for, how many rows, when. */
export function recordReads({ reads, now }: Services): MiddlewareHandler<ApiEnv> {
  return async (c, next) => {
    await next();
    if (reads === undefined || !isRead(c) || c.res.status >= 400) return;
    const given = givenAt(c.req.path);
    if (given === null) return;
    const rows = c.res.status === 304 ? 0 : (c.get('rowsRead') ?? (given.patch === null ? null : 1));
    const filter = (await questionOf(c)).slice(0, mostFilter);
    const who = { actor: c.get('access').actor, requestId: c.get('requestId') };
    reads.record({ at: now().toISOString(), ...who, ...given, filter, rows });
  };
}

/** The kind of data at an address, and the one patch it is of; null where nothing is restricted. */
function givenAt(address: string): { what: string; patch: string | null } | null {
  const path = address.replace(/\/+$/, '');
  if (OPEN.test(path) || IMAGE_TILE.test(path)) return null;
  const feature = FEATURE.exec(path);
  if (feature) return { what: feature[1] === undefined ? 'features' : 'feature', patch: named(feature[1]) };
  if (/^\/patches\/(statistics|export)$/.test(path)) return { what: path.split('/')[2], patch: null };
  const patch = PATCH.exec(path);
  if (patch) return { what: kindOfPart(patch[2]), patch: named(patch[1]) };
  return { what: path.split('/')[1], patch: null };
}

function kindOfPart(part: string | undefined): string {
  if (part === undefined) return 'patch';
  return /\.png$|^chip\.json$/.test(part) ? 'picture' : part;
}

function named(segment: string | undefined): string | null {
  if (segment === undefined) return null;
  try {
    return decodeURIComponent(segment);
  } catch {
    return segment;
  }
}

/** Path and query as they were sent, and of a search that was posted its body. */
async function questionOf(c: Context): Promise<string> {
  const { pathname, search } = new URL(c.req.url);
  return c.req.method === 'POST' ? `${pathname}${search} ${await c.req.text()}` : `${pathname}${search}`;
}
