/**
 * Where each third-party library comes into the house: one file for a library with one job, a folder ('/' at the end)
 * for what a whole folder is written in. A library that is not listed may not be imported.
 */
export const doors: Record<string, string[]> = {
  // A GeoPackage is a SQLite database, whoever wrote it.
  'better-sqlite3': [
    'services/store/sqlite.ts',
    'services/zones/layer-files/',
    'services/zones/export/',
    'services/batches/return/',
  ],
  'chinese-days': ['services/lifecycle/calendar.ts'],
  'clipper2-ts': ['services/zones/geometry/clipper.ts'],
  docx: ['services/papers/'],
  exifr: ['services/field/'],
  geotiff: ['imagery/tiff/reader.ts'],
  'node-cron': ['services/schedule/monthly.ts'],
  'openid-client': ['services/access/oidc/provider.ts'],
  pdfkit: ['services/print/'],
  nodemailer: ['services/notify/mail/transport.ts'],
  pg: ['services/store/postgres.ts'],
  standardwebhooks: ['services/notify/sign.ts'],
  proj4: ['imagery/crs.ts'],
  // Layers and evidence arrive in zips.
  yauzl: ['services/zones/layer-files/', 'services/archive/'],
  '@maplibre/geojson-vt': ['services/tiles/'],
  '@maplibre/vt-pbf': ['services/tiles/'],
  // Pictures are the library's one job; what a photo shows is looked at where evidence is taken in.
  sharp: [
    'imagery/picture.ts',
    'imagery/picture-library.ts',
    'imagery/svg-picture.ts',
    'services/field/',
    'services/demonstration/drawn-photo.ts',
  ],
  'write-excel-file': ['services/reports/xlsx.ts'],
  '@turf/turf': ['api/server/routes/zones.ts'],

  '@hono/node-server': ['api/server/'],
  '@hono/zod-openapi': ['api/server/'],
  commander: ['api/cli/'],
  hono: ['api/server/'],
  htm: ['api/console/'],
  // What a phone keeps while there is no network.
  idb: ['api/console/field/'],
  // The map of the month.
  ol: ['api/console/map/'],
  kysely: ['services/store/'],
  pino: ['api/'],
  'prom-client': ['api/server/'],
  preact: ['api/console/'],
  zod: ['api/', 'services/'],
};

/** Types of these may be named in any file of these folders: a transaction is handed through, never opened or queried. */
export const typeDoors: Record<string, string[]> = {
  geojson: ['imagery/', 'detectors/', 'services/', 'api/'],
  kysely: ['services/'],
};

/** Queries are written under services/store/, and in the one file that keeps the job table behind the Jobs interface. */
export const queryDoors = ['services/store/', 'services/jobs/database-jobs.ts'];

/** The environment is read here and nowhere else: the second file holds what is wanted before the first is loaded. */
export const environmentDoors = ['api/configuration.ts', 'api/cache-folder.js', 'api/remote-environment.ts'];

/** The only files of imagery/ that detectors know, and only their types. */
export const detectorsKnow = ['imagery/grid.ts', 'imagery/raster.ts', 'imagery/scene.ts', 'imagery/pair.ts'];

/** Detectors' compiled kernels work in the memory that imagery's hold pixels in. */
export const kernelDoors = ['detectors/kernels/', 'detectors/features.ts'];

export function isBehind(path: string, door: readonly string[]): boolean {
  return door.some((place) => (place.endsWith('/') ? path.startsWith(place) : path === place));
}
