import { createServer, type Server } from 'node:http';
import { createServer as createSecureServer, Server as SecureServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { createAdaptorServer } from '@hono/node-server';
import { offerFirstAdmin } from '../../services/access/first-admin.ts';
import { mintKey } from '../../services/access/keys.ts';
import { ReadLog } from '../../services/audit/read-log.ts';
import { ServiceError } from '../../services/error.ts';
import { PatchChips } from '../../services/evidence/chips.ts';
import { readMeta } from '../../services/store/meta.ts';
import type { Store } from '../../services/store/open.ts';
import { hasUsers } from '../../services/store/users.ts';
import { LayerUploads } from '../../services/zones/import/uploads.ts';
import type { Configuration } from '../configuration.ts';
import { ApiError } from '../error.ts';
import { isLoopbackHost } from './access.ts';
import { createApp } from './app.ts';
import { LARGE_BODIES } from './bodies.ts';
import type { Chips, Log, Services } from './context.ts';
import { MOST_LAYER_BYTES } from './layer-body.ts';
import { Metrics } from './metrics.ts';
import { trustedProxies } from './proxies.ts';
import { RateLimits } from './rate-limits.ts';
import { Readiness } from './readiness.ts';
import { endSlowConnections, type Patience } from './slow-connections.ts';
import { addWorkspaceMetrics } from './workspace-metrics.ts';

/** Runs, schedule and inbox are whose who serves: here they are only shown, and runs begun. */
export interface ServerOptions extends Pick<Services, 'runs' | 'schedule' | 'inbox'> {
  store: Store;
  configuration: Pick<Configuration, 'host' | 'port'> &
    Partial<
      Pick<
        Configuration,
        'readLog' | 'rate' | 'trustedProxies' | 'metricsFor' | 'origins' | 'basemap' | 'oidc' | 'drainSeconds'
      >
    >;
  /** Certificate chain and private key, PEM; without them the server speaks http. */
  tls?: TlsFiles | undefined;
  log: Log;
  /** The workspace folder; without it no evidence is bundled. */
  home?: string | undefined;
  /** The pictures; by default those of the workspace's own scenes. */
  chips?: Chips;
  now?: () => Date;
  /** How long others may keep a connection; unsaid: as usual. */
  patience?: Patience;
  /** Whether all that belongs to the server has begun; unsaid: it has. */
  readiness?: Readiness;
  /**
   * Told the address of the console; where nobody has an account, with a fresh key in its fragment that ends in a day.
   * Only where the server listens on this machine alone: on a network, keys are handed out by an administrator.
   */
  onConsoleLink?: (url: string) => void;
  /** Told the address at which the first administrator makes an account, once, where real data have no users yet. */
  onAdminLink?: (url: string) => void;
}

export interface TlsFiles {
  cert: string;
  key: string;
}

export interface RunningServer {
  url: string;
  /**
   * Is not ready from the call on, serves on while balancers notice (drainSeconds), then lets long polls go, breaks
   * imports off, so that they can go on, lets running requests end (for at most 5 s), and frees the port. The store
   * stays open.
   */
  close(): Promise<void>;
}

const consoleKeyHours = 24;
const closeWithinMs = 5000;

/**
 * Serves the API and the console over `store`. Signals are the caller's.
 *
 * @throws ApiError port-in-use when PORT is taken or HOST is no address of this machine; ServiceError bad-input for a
 * certificate or key that is none.
 */
export async function startServer(options: ServerOptions): Promise<RunningServer> {
  const { store, configuration, log, home, now = () => new Date() } = options;
  const ownChips = new PatchChips(store);
  const chips = options.chips ?? ownChips;
  const simulated = (await readMeta(store.db, 'simulated')) === '1';
  const name = (await readMeta(store.db, 'name')) ?? 'Tuban';
  const uploads = new LayerUploads(store, {
    now,
    onFailure: (error) => log.error({ err: error }, 'import of an uploaded layer failed'),
  });
  // What is made up is nobody's secret.
  const reads = simulated || configuration.readLog === false ? undefined : readLogOf(store, log);
  const { runs, schedule, inbox } = options;
  const about = { name, home, simulated, mostLayerBytes: MOST_LAYER_BYTES, runs, schedule, inbox };
  const stopping = new AbortController();
  const { readiness = new Readiness(home).serve() } = options;
  const app = createApp({
    ...about,
    stopping: stopping.signal,
    ...borders(configuration),
    ...watched(store, now, readiness),
    store,
    chips,
    uploads,
    now,
    log,
    reads,
  });
  const server = serverOf(app.fetch, options.tls);
  endSlowConnections(server, LARGE_BODIES, options.patience);
  await listen(server, configuration);
  const url = urlOf(server, configuration.host);
  await tellLinks(options, url, simulated, now());
  log.info({ url, simulated }, 'listening');
  const closeAll = async () => {
    readiness.stop();
    await sleep(1000 * (configuration.drainSeconds ?? 0));
    stopping.abort();
    const stopped = uploads.stop();
    await close(server);
    await stopped;
    await reads?.close();
    await ownChips.close();
  };
  return { url, close: closeAll };
}

/** Who is believed, who may ask, and how much. */
function borders(configuration: ServerOptions['configuration']) {
  const { trustedProxies: proxies, rate, metricsFor, origins, basemap, oidc } = configuration;
  const limits = rate ? new RateLimits(rate) : undefined;
  return { proxies: trustedProxies(proxies ?? []), limits, metricsFor, origins, basemap, oidc: oidc ?? undefined };
}

function watched(store: Store, now: () => Date, readiness: Readiness) {
  const metrics = new Metrics();
  addWorkspaceMetrics(metrics.registry, { store, now, nextRun: () => readiness.nextRun() });
  return { readiness, metrics };
}

function serverOf(fetch: Parameters<typeof createAdaptorServer>[0]['fetch'], tls: TlsFiles | undefined): Server {
  if (tls === undefined) return createAdaptorServer({ fetch, createServer }) as Server;
  try {
    return createAdaptorServer({ fetch, createServer: createSecureServer, serverOptions: { ...tls } }) as Server;
  } catch (error) {
    const wanted = 'The certificate and its key must be PEM files that belong together';
    throw new ServiceError('bad-input', `${wanted}; got: ${(error as Error).message}.`, undefined, error);
  }
}

/**
 * Once people have accounts, no start opens a way past their passwords: the console is told without a key. What is
 * simulated is nobody's secret.
 */
async function tellLinks(options: ServerOptions, url: string, simulated: boolean, at: Date): Promise<void> {
  const { store, configuration, onConsoleLink, onAdminLink } = options;
  const accounts = !simulated && (await hasUsers(store.db));
  if (onConsoleLink && accounts) onConsoleLink(`${url}/console/`);
  else if (onConsoleLink && isLoopbackHost(configuration.host)) {
    const expiresAt = new Date(at.getTime() + consoleKeyHours * 3_600_000);
    const { key } = await mintKey(store, { name: 'console', role: 'reviewer', district: '', expiresAt }, at);
    onConsoleLink(`${url}/#key=${key}`);
  }
  const token = onAdminLink && !simulated ? await offerFirstAdmin(store, at) : null;
  if (token !== null) onAdminLink?.(`${url}/#first=${token}`);
}

function readLogOf(store: Store, log: Log): ReadLog {
  const onTrouble = (error: unknown, waiting: number) =>
    log.error({ err: error, waiting }, 'reads could not be noted; they are kept, and tried again');
  return new ReadLog(store, { onTrouble });
}

function listen(server: Server, { host, port }: ServerOptions['configuration']): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => reject(unusable(error, host, port)));
    server.listen(port, host, () => resolve());
  });
}

function unusable(error: NodeJS.ErrnoException, host: string, port: number): Error {
  const reasons: Record<string, string> = {
    EADDRINUSE: `Port ${port} on ${host} is in use by another program; set PORT to a free one.`,
    EACCES: `Port ${port} may not be used by this user; set PORT to one above 1023.`,
    EADDRNOTAVAIL: `${host} is no address of this machine; set HOST to one, such as 127.0.0.1.`,
    ENOTFOUND: `The host name ${host} is not known; set HOST to an address of this machine, such as 127.0.0.1.`,
  };
  const reason = reasons[error.code ?? ''];
  return reason === undefined ? error : new ApiError('port-in-use', reason, [], error);
}

function urlOf(server: Server, host: string): string {
  const { port } = server.address() as AddressInfo;
  const everywhere = host === '0.0.0.0' || host === '::';
  const name = everywhere ? '127.0.0.1' : host.includes(':') ? `[${host}]` : host;
  const scheme = server instanceof SecureServer ? 'https' : 'http';
  return `${scheme}://${name}:${port}`;
}

function close(server: Server): Promise<void> {
  return new Promise((resolve) => {
    const late = setTimeout(() => server.closeAllConnections(), closeWithinMs);
    // A connection whose answer is still on its way now is idle a moment later, and would be kept alive.
    const sweep = setInterval(() => server.closeIdleConnections(), 50);
    server.close(() => {
      clearTimeout(late);
      clearInterval(sweep);
      resolve();
    });
  });
}
