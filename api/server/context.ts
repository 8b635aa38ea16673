import type { HttpBindings } from '@hono/node-server';
import { OpenAPIHono } from '@hono/zod-openapi';
import type { Access } from '../../services/access/keys.ts';
import type { OidcSettings } from '../../services/access/oidc/provider.ts';
import type { Read } from '../../services/audit/read-log.ts';
import type { RunDesk } from '../../services/month/run-desk.ts';
import type { InboxRecord } from '../../services/scenes/inbox-record.ts';
import type { Reach } from '../../services/schedule/month-work.ts';
import type { Store } from '../../services/store/open.ts';
import type { LayerUploads } from '../../services/zones/import/uploads.ts';
import type { MetricsFor } from '../configuration.ts';
import type { Metrics } from './metrics.ts';
import { refuseInvalid } from './problem.ts';
import type { Proxies } from './proxies.ts';
import type { RateLimits } from './rate-limits.ts';
import type { Readiness } from './readiness.ts';
import type { ChipFrame } from './schemas.ts';

/** What every route may use. Assembled by the composition root, replaced in tests. */
export interface Services {
  store: Store;
  /** The workspace's name, as the console shows it. */
  name: string;
  /** The workspace folder, where photos, papers and the key that signs lie. */
  home?: string | undefined;
  /** True where every scene, zone and finding is made up. */
  simulated: boolean;
  chips: Chips;
  uploads: LayerUploads;
  /** Most bytes of a layer file sent in. */
  mostLayerBytes: number;
  /** Takes note of what is read, where that is wanted. */
  reads?: { record(read: Read): void } | undefined;
  /** Aborted when the server begins to stop: whoever waits for something is let go. */
  stopping?: AbortSignal | undefined;
  now: () => Date;
  /** Where months are run by hand; absent: this server runs none. */
  runs?: RunDesk | undefined;
  /** When months are run by themselves, and how far that goes; no cron line: never. */
  schedule?: { cron: string | null; reach: Reach } | undefined;
  /** What the folder did that images are taken from; absent: none is watched. */
  inbox?: InboxRecord | undefined;
  log: Log;
  /** Whether requests can be served, as a supervisor is told. */
  readiness: Readiness;
  /** What is counted, and who may see it; absent: nothing is. */
  metrics?: Metrics | undefined;
  metricsFor?: MetricsFor | undefined;
  /** Who else logs people in; absent: passwords alone. */
  oidc?: OidcSettings | undefined;
  /** Origins of other sites whose pages may ask, with a key. */
  origins?: readonly string[] | undefined;
  /** Tiles of another server that the console may draw under its map. */
  basemap?: { url: string; attribution: string } | null | undefined;
  /** Of ours, before the server; none are believed unless named. */
  proxies?: Proxies | undefined;
  /** How much one caller may ask for; absent: as much as they like. */
  limits?: RateLimits | undefined;
}

/** The pictures of a patch, as evidence makes them. */
export interface Chips {
  /** PNG of sizePx x sizePx pixels around the patch on one date; false-color shows what grows in red. */
  picture(
    patchId: string,
    which: 'before' | 'after',
    sizePx: number,
    bands?: 'natural' | 'false-color',
  ): Promise<Uint8Array>;
  /** Where the patch lies in the pixels that both pictures share. */
  frame(patchId: string, sizePx: number): Promise<ChipFrame>;
}

/** The part of a pino logger that the server uses. */
export interface Log {
  info(fields: object, message: string): void;
  warn(fields: object, message: string): void;
  error(fields: object, message: string): void;
}

export interface ApiEnv {
  Bindings: Partial<HttpBindings>;
  /**
   * origin: scheme, name and port that the client called us by. rowsRead: how many rows a list has given, for log and
   * read log.
   */
  Variables: { requestId: string; origin: string; access: Access; rowsRead?: number };
}

/** A router whose validators answer with problem+json and whose addresses may end in a slash. */
export function createRouter(): OpenAPIHono<ApiEnv> {
  return new OpenAPIHono<ApiEnv>({ strict: false, defaultHook: refuseInvalid });
}
