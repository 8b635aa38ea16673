import type { ColumnType, Generated } from 'kysely';
import type { AccessTables } from './schema-access.ts';
import type { AuditTables, ChainColumns } from './schema-audit.ts';
import type { BatchTables } from './schema-batches.ts';
import type { CycleTables } from './schema-cycle.ts';
import type { DeadlineTables } from './schema-deadlines.ts';
import type { EmbargoTables } from './schema-embargo.ts';
import type { FieldTables } from './schema-field.ts';
import type { HandOverTables } from './schema-handover.ts';
import type { IdempotencyTables } from './schema-idempotency.ts';
import type { LegalityTables } from './schema-legality.ts';
import type { LineageTables } from './schema-lineage.ts';
import type { NotifyTables } from './schema-notify.ts';
import type { PaperTables } from './schema-papers.ts';
import type { PeopleTables } from './schema-people.ts';
import type { ThemeTables } from './schema-themes.ts';
import type { WatchTables } from './schema-watch.ts';

/**
 * The tables, the same on SQLite and PostgreSQL. Ids are text; times are UTC in ISO text; dates are
 * YYYY-MM-DD and months YYYY-MM in Asia/Shanghai; columns ending in Json hold JSON text.
 *
 * detections never change once written (id = hash of content). A place is one spot on the ground with
 * one identity over all months. A patch (图斑) is a place in one month's queue. A case (案件) is
 * people's legal matter over many patches. The event log is append-only and is the truth: the state
 * columns of patches and cases are only its projection.
 */
export interface Database
  extends AccessTables,
    AuditTables,
    LegalityTables,
    ThemeTables,
    FieldTables,
    PeopleTables,
    BatchTables,
    CycleTables,
    LineageTables,
    PaperTables,
    DeadlineTables,
    EmbargoTables,
    HandOverTables,
    IdempotencyTables,
    NotifyTables,
    WatchTables {
  meta: MetaTable;
  scenes: SceneTable;
  layers: LayerTable;
  layer_notes: LayerNoteTable;
  zones: ZoneTable;
  runs: RunTable;
  jobs: JobTable;
  cells: CellTable;
  detections: DetectionTable;
  places: PlaceTable;
  patches: PatchTable;
  overlaps: OverlapTable;
  cases: CaseTable;
  case_patches: CasePatchTable;
  events: EventTable & ChainColumns;
  coverage: CoverageTable;
  locks: LockTable;
  api_keys: ApiKeyTable;
}

/** Facts about the workspace: simulated ('1'), name, createdAt. */
export interface MetaTable {
  key: string;
  value: string;
}

/** A column of a later migration: null where nobody said, and in rows from before. */
type Later<T> = ColumnType<T | null, T | null | undefined>;

/** One image on disk, of one acquisition date. */
export interface SceneTable {
  /** sha256 of the file's bytes, first 16 hex digits: the same file is the same scene. */
  id: string;
  sha256: string;
  path: string;
  district: string | null;
  sensor: string;
  /** Local acquisition date, YYYY-MM-DD. */
  date: string;
  /** JSON array of band roles in file order; imagery/scene.ts says what they mean. */
  bandsJson: string;
  /** JSON of imagery Grid. */
  gridJson: string;
  sampleType: string;
  /** Raw value that means "not observed", said by the file or for it; null: none, or NaN. */
  nodata: number | null;
  /** reflectance = raw * scale + offset; null where the file's numbers are not reflectance. */
  scale: number | null;
  offset: number | null;
  minLon: number;
  minLat: number;
  maxLon: number;
  maxLat: number;
  addedAt: string;
  /** When the scene was withdrawn: it stays as evidence of past runs and is not used by new ones. */
  removedAt: ColumnType<string | null, string | null | undefined>;
  /** Local acquisition time HH:MM:SS, where somebody said it. */
  time: Later<string>;
  /** From this raw value on a band says only "at least so bright". */
  saturation: Later<number>;
  /** Share of the image under cloud, 0-1: as its provider says, or as told from a sample of it when it was added. */
  cloudFraction: Later<number>;
  cloudBy: Later<'provider' | 'sample'>;
  /** Who may use the image, in a few words. */
  licence: Later<string>;
  /** JSON of imagery SuppliedMask. */
  maskJson: Later<string>;
  /** Size of the file when it was added. */
  bytes: Later<number>;
}

/**
 * One import of one layer file, or folder of files: a version. Versions never change; which zones are valid on a day
 * follows from the versions that had begun by then (zone-versions.ts).
 */
export interface LayerTable {
  /** Hash of name, content, first day and scope. */
  id: string;
  name: string;
  path: string;
  sha256: string;
  validFrom: string;
  /** Zones stored. */
  featureCount: number;
  importedAt: string;
  /** Counts the imports: of two versions of one day the later import holds. */
  seq: number;
  /** District code prefix it speaks for; '' = everywhere. */
  scope: string;
  /** importing: not yet whole, and seen by nobody; an import of the same file goes on where it was. */
  state: 'importing' | 'ready';
  /** Features of the file read so far, stored or not. */
  readTo: number;
  /** Of the file's coordinates, and how that was concluded. */
  crs: string | null;
  encoding: string | null;
  /** JSON of LayerField[]: the file's columns, for exports. */
  fieldsJson: string;
  /** Where the zones' ids come from. */
  idsFrom: string;
  /** Last day of which it is known to be complete, YYYY-MM-DD; null = nobody said. */
  completeTo: string | null;
}

/** What was done to, or is to be known of, a feature of an import. */
export interface LayerNoteTable {
  layerId: string;
  seq: number;
  /** '' = the whole layer. */
  featureId: string;
  kind: 'repaired' | 'rejected' | 'outside' | 'note';
  what: string;
}

export interface ZoneTable {
  id: number;
  layerId: string;
  /** The feature's own id in its layer; of a district, its code. */
  externalId: string;
  name: string;
  district: string | null;
  /** GB/T 21010 code (DLBM), where the feature states one. */
  landClass: string | null;
  propertiesJson: string;
  /** OGC WKB, little-endian, lon/lat: (Multi)Polygon or (Multi)LineString. */
  geometry: Uint8Array;
  /** On the ellipsoid; 0 of lines. */
  areaM2: number;
  minLon: number;
  minLat: number;
  maxLon: number;
  maxLat: number;
}

/** One monthly run over one fixed set of inputs. id = hash of month, scenes, layers and parameters. */
export interface RunTable {
  id: string;
  month: string;
  district: string | null;
  state: 'planned' | 'running' | 'done' | 'failed';
  /** What was compared and how: scenes, layers, detector version, parameters. */
  planJson: string;
  /** Counts, observed fraction, warnings; null until done. */
  summaryJson: string | null;
  error: string | null;
  startedAt: string;
  finishedAt: string | null;
}

/** Work to be done once. A job's result and its completion are committed together. */
export interface JobTable {
  id: string;
  kind: string;
  /** Unique within the kind: enqueueing the same key twice is one job. */
  key: string;
  payloadJson: string;
  state: 'queued' | 'running' | 'done' | 'failed';
  attempts: number;
  error: string | null;
  createdAt: string;
  updatedAt: string;
}

/** The stored result of one tile-pair job of a run. */
export interface CellTable {
  runId: string;
  key: string;
  district: string | null;
  result: Uint8Array;
}

/** One merged changed region as the detector saw it. Immutable. */
export interface DetectionTable {
  id: string;
  runId: string;
  placeId: string;
  month: string;
  district: string;
  areaM2: number;
  /** How far above the threshold: mean score of its pixels / threshold. */
  score: number;
  type: string;
  typeConfidence: number;
  /** Why it was or was not put into the queue: 'issued', or the screening rule that held it back. */
  screening: string;
  /** Onset interval: date of the last look unchanged, date of the first look changed. */
  beforeDate: string;
  afterDate: string;
  /** Share of the pixels around it (its bounding box) that both dates saw, 0-1. */
  observedFraction: number;
  /** JSON: scenes (ids, hashes, dates), grid, pixel runs, features, detector and parameter versions. */
  evidenceJson: string;
  /** GeoJSON Polygon or MultiPolygon along pixel edges, lon/lat. */
  geometryJson: string;
  minLon: number;
  minLat: number;
  maxLon: number;
  maxLat: number;
}

export interface PlaceTable {
  id: string;
  district: string;
  firstMonth: string;
}

export interface PatchTable {
  id: string;
  /** JCBH: district (6) + year (4) + month (2) + sequence (4); unique for ever. */
  number: string;
  placeId: string;
  detectionId: string;
  month: string;
  district: string;
  type: string;
  areaM2: number;
  score: number;
  state: string;
  /** UTC, or null where the state has no deadline. */
  dueAt: string | null;
  /** Counts the events of this patch: optimistic locking and ETag. */
  version: number;
  minLon: number;
  minLat: number;
  maxLon: number;
  maxLat: number;
  createdAt: string;
  updatedAt: string;
}

/** How much of a patch lies in one zone. */
export interface OverlapTable {
  patchId: string;
  zoneId: number;
  layer: string;
  district: string;
  areaM2: number;
}

export interface CaseTable {
  id: string;
  district: string;
  title: string;
  state: string;
  version: number;
  createdAt: string;
  updatedAt: string;
}

export interface CasePatchTable {
  caseId: string;
  patchId: string;
  district: string;
}

export interface EventTable {
  seq: Generated<number>;
  id: string;
  subject: 'patch' | 'case';
  subjectId: string;
  district: string;
  /** The transition's name in the lifecycle table, e.g. found, warn, acknowledge. */
  action: string;
  fromState: string | null;
  toState: string;
  actor: string;
  reason: string | null;
  /** What the actor saw and gave: due date set, evidence ids, note. */
  payloadJson: string;
  at: string;
}

/** How much of a district a run could see. Unobserved is never unchanged. */
export interface CoverageTable {
  runId: string;
  district: string;
  totalM2: number;
  observedM2: number;
  cloudM2: number;
  noImageM2: number;
}

/** Held while one process does what must not be done twice at once. */
export interface LockTable {
  name: string;
  /** host:pid:process-start, so that a dead owner's lock can be taken over. */
  owner: string;
  takenAt: string;
}

export interface ApiKeyTable {
  id: string;
  /** sha256 of the key; the key itself is shown once and never stored. */
  hash: string;
  name: string;
  role: 'viewer' | 'field' | 'handler' | 'reviewer' | 'admin';
  /** Of the office its bearer acts in; null: that of its district. */
  level: Later<'town' | 'county' | 'city' | 'province'>;
  /** District code prefix the key may see; '' = all. */
  district: string;
  createdAt: string;
  expiresAt: string | null;
  revokedAt: string | null;
  /** JSON array of what alone it is for (services/access/scopes.ts); null: all that its role may. */
  scopesJson: Later<string>;
  /** Who made it through the API. */
  createdBy: Later<string>;
  /** To the minute. */
  lastUsedAt: Later<string>;
}
