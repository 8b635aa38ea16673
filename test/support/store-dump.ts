import { createHash } from 'node:crypto';
import { sql } from 'kysely';
import type { Store } from '../../services/store/open.ts';
import type { Database } from '../../services/store/schema.ts';

/** Every table, and by what its rows are put in order. */
const tables: Record<keyof Database, string[]> = {
  meta: ['key'],
  scenes: ['id'],
  layers: ['id'],
  layer_notes: ['layerId', 'seq'],
  zones: ['id'],
  runs: ['id'],
  jobs: ['id'],
  cells: ['runId', 'key'],
  detections: ['id'],
  places: ['id'],
  patches: ['id'],
  overlaps: ['patchId', 'zoneId'],
  cases: ['id'],
  case_patches: ['caseId', 'patchId'],
  events: ['seq'],
  idempotency_keys: ['actor', 'key'],
  embargoes: ['seq'],
  coverage: ['runId', 'district'],
  locks: ['name'],
  api_keys: ['id'],
  users: ['name'],
  sessions: ['hash'],
  login_tries: ['seq'],
  rule_sets: ['id', 'version'],
  opinions: ['id'],
  patch_themes: ['patchId', 'theme'],
  gauge_inputs: ['seq'],
  calendar_years: ['seq'],
  deadline_rules: ['seq'],
  month_steps: ['seq'],
  month_tasks: ['number'],
  closed_months: ['month'],
  month_corrections: ['seq'],
  lineage_acts: ['seq'],
  patch_lineage: ['parentId', 'childId'],
  place_links: ['detectionId', 'patchId'],
  campaigns: ['name'],
  batches: ['id'],
  batch_files: ['batchId', 'ending', 'part'],
  batch_rows: ['batchId', 'row'],
  batch_links: ['seq'],
  batch_returns: ['seq'],
  photos: ['seq'],
  field_devices: ['id'],
  readings: ['id'],
  clues: ['id'],
  photo_statements: ['id'],
  field_forms: ['id'],
  duty_entries: ['seq'],
  hand_overs: ['id'],
  patrols: ['id'],
  actor_entries: ['seq'],
  paper_templates: ['seq'],
  paper_bytes: ['sha256'],
  papers: ['id'],
  paper_issues: ['paperId'],
  case_papers: ['seq'],
  paper_judgements: ['seq'],
  handover_packages: ['seq'],
  handover_steps: ['seq'],
  audit_anchors: ['id'],
  reads: ['seq'],
  watch_verdicts: ['seq'],
  late_scenes: ['seq'],
  late_effects: ['seq'],
  notify_endpoints: ['id'],
  notify_secrets: ['seq'],
  notify_deliveries: ['seq'],
  notify_notices: ['endpointId', 'noticeId'],
};

const time = /\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z/g;

export type Dump = Record<string, unknown[]>;

/** All that a store holds, table by table, bytes as their hash; without the times it was recorded at, unless asked. */
export async function dumpOf(store: Store, options: { withTimes?: boolean } = {}): Promise<Dump> {
  const shown = options.withTimes ? hashed : (value: unknown) => timeless(hashed(value));
  const dump: Dump = {};
  for (const [table, order] of Object.entries(tables)) {
    const by = sql.join(order.map((column) => sql.ref(column)));
    const { rows } = await sql<Record<string, unknown>>`select * from ${sql.table(table)} order by ${by}`.execute(
      store.db,
    );
    // The chain of events hashes their times too.
    const left = table === 'events' && !options.withTimes ? ['prevHash', 'hash'] : [];
    dump[table] = rows.map((row) => {
      const columns = Object.entries(row).filter(([name]) => !left.includes(name));
      return Object.fromEntries(columns.map(([name, value]) => [name, shown(value)]));
    });
  }
  return dump;
}

function timeless(value: unknown): unknown {
  return typeof value === 'string' ? value.replace(time, 'TIME') : value;
}

function hashed(value: unknown): unknown {
  return value instanceof Uint8Array ? createHash('sha256').update(value).digest('hex') : value;
}

/** What is missing of patches that should be whole: each has its detection, place, first event and overlaps. */
export async function halfPatches({ db }: Store): Promise<string[]> {
  const ids = async (table: 'detections' | 'places') =>
    new Set((await db.selectFrom(table).select('id').execute()).map(({ id }) => id));
  const [detections, places] = [await ids('detections'), await ids('places')];
  const opened = new Set(
    (await db.selectFrom('events').select('subjectId').where('action', '=', 'find').execute()).map((e) => e.subjectId),
  );
  const overlapping = new Set((await db.selectFrom('overlaps').select('patchId').execute()).map((o) => o.patchId));
  const patches = await db.selectFrom('patches').selectAll().execute();
  return patches.flatMap(({ id, number, detectionId, placeId }) => [
    ...(detections.has(detectionId) ? [] : [`${number} has no detection`]),
    ...(places.has(placeId) ? [] : [`${number} has no place`]),
    ...(opened.has(id) ? [] : [`${number} has no event`]),
    ...(overlapping.has(id) ? [] : [`${number} has no overlaps`]),
  ]);
}
