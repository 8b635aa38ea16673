import type { OpenAPIHono } from '@hono/zod-openapi';
import type { Context, MiddlewareHandler } from 'hono';
import { COMPRESSIBLE_CONTENT_TYPE_REGEX, compress } from 'hono/compress';
import { methodNotAllowed } from 'hono/method-not-allowed';
import { secureHeaders } from 'hono/secure-headers';
import { ApiError } from '../error.ts';
import { checkAccess } from './access.ts';
import { LARGE_BODIES, plainBodies, smallBodies } from './bodies.ts';
import { originOf } from './caller.ts';
import { importMapSources } from './console-files.ts';
import { type ApiEnv, createRouter, type Services } from './context.ts';
import { crossOrigin } from './cross-origin.ts';
import { onceByKey } from './idempotency.ts';
import { limitAddresses, limitCallers } from './limits.ts';
import { asPages } from './pages/negotiation.ts';
import { plainRequests } from './plain-requests.ts';
import { problemResponse } from './problem.ts';
import { recordReads } from './read-records.ts';
import { requestId } from './request-id.ts';
import { requestLog } from './request-log.ts';
import { auditRoutes } from './routes/audit.ts';
import { caseRoutes } from './routes/cases.ts';
import { changeTypeRoutes } from './routes/change-types.ts';
import { changeRoutes } from './routes/changes.ts';
import { collectionRoutes } from './routes/collections.ts';
import { consoleRoutes } from './routes/console.ts';
import { dashboardRoutes } from './routes/dashboard.ts';
import { descriptionRoutes } from './routes/description.ts';
import { docsRoutes } from './routes/docs.ts';
import { dossierRoutes } from './routes/dossier.ts';
import { embargoRoutes } from './routes/embargoes.ts';
import { evidenceRoutes } from './routes/evidence.ts';
import { exportRoutes } from './routes/exports.ts';
import { featureRoutes } from './routes/features.ts';
import { fieldRoutes } from './routes/field.ts';
import { gaugeRoutes } from './routes/gauges.ts';
import { healthRoutes } from './routes/health.ts';
import { keyRoutes } from './routes/keys.ts';
import { layerRoutes } from './routes/layers.ts';
import { lifecycleRoutes } from './routes/lifecycle.ts';
import { lineageRoutes } from './routes/lineage.ts';
import { metricsRoutes } from './routes/metrics.ts';
import { monthRoutes } from './routes/months.ts';
import { ogcRoutes } from './routes/ogc.ts';
import { oidcRoutes } from './routes/oidc.ts';
import { opinionRoutes } from './routes/opinions.ts';
import { patchRoutes } from './routes/patches.ts';
import { photoRoutes } from './routes/photos.ts';
import { pictureRoutes } from './routes/pictures.ts';
import { receiverRoutes } from './routes/receivers.ts';
import { reportRoutes } from './routes/reports.ts';
import { ruleRoutes } from './routes/rules.ts';
import { runDeskRoutes } from './routes/run-desk.ts';
import { runRoutes } from './routes/runs.ts';
import { sceneRoutes } from './routes/scenes.ts';
import { scheduleRoutes } from './routes/schedule.ts';
import { sessionRoutes } from './routes/session.ts';
import { stacRoutes } from './routes/stac.ts';
import { statisticsRoutes } from './routes/statistics.ts';
import { themeRoutes } from './routes/themes.ts';
import { tileMetadataRoutes } from './routes/tiles-ogc.ts';
import { rasterTileRoutes } from './routes/tiles-raster.ts';
import { vectorTileRoutes } from './routes/tiles-vector.ts';
import { transitionRoutes } from './routes/transitions.ts';
import { userRoutes } from './routes/users.ts';
import { workspaceRoutes } from './routes/workspace.ts';
import { zoneRoutes } from './routes/zones.ts';
import { underEmbargo } from './under-embargo.ts';

/** Pictures are compressed already; a vector tile is not. */
const contentTypeFilter = (type: string) =>
  COMPRESSIBLE_CONTENT_TYPE_REGEX.test(type) || type.startsWith('application/vnd.mapbox-vector-tile');

/**
 * The whole HTTP service, with no port of its own: `app.request(path, init, env)` asks it in tests.
 * What stands before checkAccess needs no key; all that stands after it does.
 */
export function createApp(services: Services): OpenAPIHono<ApiEnv> {
  const app = createRouter();
  app.onError((error, c) => answerError(services, error, c));
  app.notFound((c) => problemResponse(c, new ApiError('unknown-address', `There is nothing at ${c.req.path}.`)));
  app.use(requestId(), knowOrigin(services), requestLog(services));
  if (services.origins?.length) app.use(crossOrigin(services.origins));
  app.use(headers(services), compress({ contentTypeFilter }));
  app.use(methodNotAllowed({ app, onMethodNotAllowed: refuseMethod }));
  app.use(plainBodies(), smallBodies(), plainRequests(LARGE_BODIES));
  app.route('/', healthRoutes(services));
  app.route('/', consoleRoutes());
  app.route('/', docsRoutes());

  app.use(limitAddresses(services));
  app.route('/', metricsRoutes(services));
  app.route('/', oidcRoutes(services));
  app.route('/', sessionRoutes(services));
  app.use(checkAccess(services));
  app.use(underEmbargo(services));
  app.use(limitCallers(services));
  app.use(recordReads(services));
  app.use(onceByKey(services));
  for (const path of ['/collections/*', '/conformance']) app.use(path, asPages(services));
  app.route('/', ogcRoutes(services));
  app.route('/', featureRoutes(services));
  app.route('/', collectionRoutes(services));
  app.route('/', statisticsRoutes(services));
  app.route('/', exportRoutes(services));
  app.route('/', patchRoutes(services));
  app.route('/', opinionRoutes(services));
  app.route('/', transitionRoutes(services));
  app.route('/', caseRoutes(services));
  app.route('/', pictureRoutes(services));
  app.route('/', lineageRoutes(services));
  app.route('/', photoRoutes(services));
  app.route('/', fieldRoutes(services));
  app.route('/', dossierRoutes(services));
  app.route('/', evidenceRoutes(services));
  app.route('/', monthRoutes(services));
  app.route('/', runRoutes(services));
  app.route('/', runDeskRoutes(services));
  app.route('/', scheduleRoutes(services));
  app.route('/', sceneRoutes(services));
  app.route('/', lifecycleRoutes());
  app.route('/', changeRoutes(services));
  app.route('/', embargoRoutes(services));
  app.route('/', changeTypeRoutes());
  app.route('/', zoneRoutes(services));
  app.route('/', layerRoutes(services));
  app.route('/', ruleRoutes(services));
  app.route('/', themeRoutes(services));
  app.route('/', gaugeRoutes(services));
  app.route('/', reportRoutes(services));
  app.route('/', dashboardRoutes(services));
  app.route('/', stacRoutes(services));
  app.route('/', tileMetadataRoutes(services));
  app.route('/', rasterTileRoutes(services));
  app.route('/', vectorTileRoutes(services));
  app.route('/', userRoutes(services));
  app.route('/', keyRoutes(services));
  app.route('/', receiverRoutes(services));
  app.route('/', auditRoutes(services));
  app.route('/', workspaceRoutes(services));
  app.route('/', descriptionRoutes(app));
  return app;
}

/** Nothing is loaded from anywhere else, and nobody may frame us. HTTPS is the proxy's to enforce. */
function headers({ basemap }: Services): MiddlewareHandler {
  return secureHeaders({
    strictTransportSecurity: false,
    xFrameOptions: 'DENY',
    // The API pages have a policy of their own.
    overwrite: false,
    contentSecurityPolicy: {
      defaultSrc: ["'none'"],
      scriptSrc: ["'self'", ...importMapSources()],
      styleSrc: ["'self'"],
      imgSrc: ["'self'", 'blob:', ...(basemap ? [new URL(basemap.url).origin] : [])],
      connectSrc: ["'self'"],
      // The field page works without the server: its worker keeps its files, its manifest lets it be installed.
      workerSrc: ["'self'"],
      manifestSrc: ["'self'"],
      baseUri: ["'none'"],
      formAction: ["'none'"],
      frameAncestors: ["'none'"],
    },
  });
}

function knowOrigin({ proxies }: Services): MiddlewareHandler<ApiEnv> {
  return (c, next) => {
    c.set('origin', originOf(c, proxies));
    return next();
  };
}

function answerError({ log }: Services, error: Error, c: Context): Response {
  const response = problemResponse(c, error);
  if (response.status >= 500) {
    log.error({ err: error, id: c.get('requestId'), method: c.req.method, path: c.req.path }, 'request failed');
  }
  return response;
}

function refuseMethod(c: Context, allowed: string[]): Response {
  const list = allowed.join(', ');
  const detail = `${c.req.path} takes ${list}; got ${c.req.method}.`;
  const response = problemResponse(c, new ApiError('method-not-allowed', detail));
  response.headers.set('Allow', list);
  return response;
}
